/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.paid;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The first route of docs/notifications.md, as a controller needs it. */
@Component
class PaidRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("direct:paid")
                // The controller answers.
                .errorHandler(noErrorHandler())
                // No more of the body is read than the option maxReplySize allows.
                .streamCache(false)
                .to("ksher:verifyNotification?signVersion=V1")
                .validate()
                .simple("${body.result.paid}")
                .to("seda:settle?waitForTaskToComplete=Always");
    }
}
