/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import org.apache.hc.core5.io.CloseMode;
import org.junit.jupiter.api.Test;

class StaleCheckedConnectionTest {

    /** Here the end of the stream takes 3 ms to be read, as under load; the check waits one. */
    @Test
    void aClosedConnectionIsStaleHoweverLongItTakesToFindOut() throws Exception {
        StaleCheckedConnection connection = new StaleCheckedConnection();
        connection.bind(new Socket() {
            @Override
            public InputStream getInputStream() {
                return new InputStream() {
                    @Override
                    public int read() {
                        long began = System.nanoTime();
                        while (System.nanoTime() - began < 3_000_000) {
                            Thread.onSpinWait();
                        }
                        return -1;
                    }
                };
            }
        });
        assertThat(connection.isStale()).isTrue();
    }

    @Test
    void aConnectionThatWasClosedKeepsNoSocketOfAnotherAddress() throws Exception {
        StaleCheckedConnection connection = new StaleCheckedConnection();
        connection.close(CloseMode.IMMEDIATE);
        Socket next = StaleCheckedConnection.socket(null);
        assertThatThrownBy(() -> connection.bind(next)).isInstanceOf(ClosedChannelException.class);
        assertThat(next.isClosed()).isTrue();
    }

    @Test
    void waysThroughASocksProxyHaveNoChannel() throws Exception {
        try (Socket direct = StaleCheckedConnection.socket(null);
                Socket proxied = StaleCheckedConnection.socket(
                        new Proxy(Proxy.Type.SOCKS, InetSocketAddress.createUnresolved("localhost", 1080)))) {
            assertThat(direct.getChannel()).isNotNull();
            assertThat(proxied.getChannel()).isNull();
        }
        System.setProperty("socksProxyHost", "localhost");
        try (Socket proxied = StaleCheckedConnection.socket(null)) {
            assertThat(proxied.getChannel()).isNull();
        } finally {
            System.clearProperty("socksProxyHost");
        }
    }
}
