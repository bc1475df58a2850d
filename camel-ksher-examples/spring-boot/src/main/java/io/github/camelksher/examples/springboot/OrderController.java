/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.springboot;

import org.apache.camel.ProducerTemplate;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** The two calls. Put them behind your own authentication. */
// Said here, so that a caller who accepts no JSON is
// turned away before, and not after, the order is closed.
@RequestMapping(produces = MediaType.APPLICATION_JSON_VALUE)
@RestController
class OrderController {

    private final ProducerTemplate camel;

    OrderController(ProducerTemplate camel) {
        this.camel = camel;
    }

    @GetMapping("/orders/{order}")
    ResponseEntity<Answer> look(@PathVariable String order) {
        Answer answer = ask("direct:look", order);
        // Here any state is what was asked for: a paid
        // order is no conflict, and an open one no failure.
        boolean state = answer.status() == 409 || answer.outcome().equals("OPEN");
        return response(state ? 200 : answer.status(), answer);
    }

    @PostMapping("/orders/{order}/close")
    ResponseEntity<Answer> close(@PathVariable String order) {
        Answer answer = ask("direct:close", order);
        return response(answer.status(), answer);
    }

    private Answer ask(String route, String order) {
        // Boot opens the port a little before Camel starts
        // its routes, and closes it a little after.
        if (!camel.getCamelContext().isStarted()) {
            return Answer.unavailable(order);
        }
        if (ServletUriComponentsBuilder.fromCurrentRequestUri().toUriString().contains(";")) {
            // Spring has dropped it and what followed: that
            // may well be the number of another order.
            return Answer.cutShort();
        }
        return camel.requestBody(route, order, Answer.class);
    }

    private static ResponseEntity<Answer> response(int status, Answer answer) {
        var response = ResponseEntity.status(status);
        // Asking again is of use, but not before Ksher takes another query of the same order.
        if (status == 202 || status == 503) {
            response.header(HttpHeaders.RETRY_AFTER, "10");
        }
        return response.body(answer);
    }
}
