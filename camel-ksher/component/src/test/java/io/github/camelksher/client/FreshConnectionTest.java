/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class FreshConnectionTest {

    /** On a machine that is busy elsewhere it takes longer than the moment that an open connection would be silent. */
    @Test
    void aClosedConnectionIsStaleHoweverLongItTakesToFindOut() throws Exception {
        FreshConnection connection = FreshConnection.create(null);
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
}
