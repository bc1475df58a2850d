/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.paid;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.error.KsherException;
import java.io.InputStream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.processor.PredicateValidationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The controller of docs/notifications.md. */
@RestController
class PaidController {

    private static final Logger LOG = LoggerFactory.getLogger(PaidController.class);

    private final ProducerTemplate camel;

    PaidController(ProducerTemplate camel) {
        this.camel = camel;
    }

    // A stream: Spring neither decodes it nor converts it.
    @PostMapping("/ksher/paid")
    ResponseEntity<String> paid(InputStream body) {
        Exchange done =
                camel.request("direct:paid", exchange -> exchange.getMessage().setBody(body));
        Exception failure = done.getException();
        if (failure instanceof KsherException || failure instanceof PredicateValidationException) {
            LOG.warn("Refused a notification: {}", failure.getMessage());
            return ResponseEntity.badRequest().build();
        }
        if (failure != null) {
            LOG.warn("Not settled, so Ksher has to send it again: {}", failure.getMessage());
            return ResponseEntity.internalServerError().build();
        }
        // With the content type said here, no Accept header can make an error of it.
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(KsherConstants.NOTIFICATION_OK);
    }
}
