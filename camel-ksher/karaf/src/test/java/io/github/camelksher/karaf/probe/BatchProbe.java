/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.karaf.probe;

import io.github.camelksher.batch.BatchConfiguration;
import io.github.camelksher.batch.KsherBatch;
import io.github.camelksher.batch.KsherBatchRoutes;
import io.github.camelksher.component.KsherComponent;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.karaf.core.OsgiDefaultCamelContext;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A bundle of the test: while it is started, it closes the batch that the file named by {@code batch.probe} describes. */
public final class BatchProbe implements BundleActivator {

    private CamelContext camel;
    private KsherBatch batch;

    @Override
    public void start(BundleContext bundle) throws Exception {
        Properties settings = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(bundle.getProperty("batch.probe")))) {
            settings.load(reader);
        }
        camel = new OsgiDefaultCamelContext(bundle);
        try {
            KsherComponent ksher = new KsherComponent();
            ksher.getConfiguration().setAppId(settings.getProperty("appId"));
            ksher.getConfiguration().setPrivateKey(settings.getProperty("privateKey"));
            ksher.getConfiguration().setKsherPublicKey(settings.getProperty("ksherPublicKey"));
            ksher.getConfiguration().setApiUrl(settings.getProperty("apiUrl"));
            ksher.getConfiguration().setGatewayUrl(settings.getProperty("gatewayUrl"));
            camel.addComponent("ksher", ksher);
            BatchConfiguration configuration = new BatchConfiguration();
            configuration.setReport(Path.of(settings.getProperty("report")));
            configuration.setJournalUrl(settings.getProperty("journal"));
            configuration.setJournalUser(settings.getProperty("journalUser"));
            configuration.setJournalPassword(settings.getProperty("journalPassword"));
            configuration.setQueryInterval(Duration.ofMillis(100));
            batch = new KsherBatch(camel, configuration);
            camel.getRegistry().bind("ksherBatch", batch);
            camel.addRoutes(new KsherBatchRoutes());
            camel.start();
            batch.start();
            batch.plan(Path.of(settings.getProperty("orders")), false);
        } catch (Exception e) {
            stop(bundle);
            throw e;
        }
    }

    @Override
    public void stop(BundleContext bundle) throws Exception {
        if (batch != null) {
            batch.close();
        }
        camel.close();
    }
}
