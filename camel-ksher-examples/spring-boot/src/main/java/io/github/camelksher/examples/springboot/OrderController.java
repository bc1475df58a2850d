/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.springboot;

import org.apache.camel.ProducerTemplate;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The two calls. Put them behind your own authentication. */
@RestController
class OrderController {

    private final ProducerTemplate camel;

    OrderController(ProducerTemplate camel) {
        this.camel = camel;
    }

    @GetMapping("/orders/{order}")
    ResponseEntity<Answer> look(@PathVariable String order) {
        Answer answer = ask("direct:look", order);
        // Here a paid order is what was asked for, not a conflict.
        return response(answer.status() == 409 ? 200 : answer.status(), answer);
    }

    @PostMapping("/orders/{order}/close")
    ResponseEntity<Answer> close(@PathVariable String order) {
        Answer answer = ask("direct:close", order);
        return response(answer.status(), answer);
    }

    private Answer ask(String route, String order) {
        // Boot opens the port a little before Camel starts its routes, and closes it a little after.
        return camel.getCamelContext().isStarted()
                ? camel.requestBody(route, order, Answer.class)
                : Answer.notStarted(order);
    }

    private static ResponseEntity<Answer> response(int status, Answer answer) {
        var response = ResponseEntity.status(status);
        if (answer.later()) {
            response.header(HttpHeaders.RETRY_AFTER, "10");
        }
        return response.body(answer);
    }
}
