/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.recipes;

import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.fault.FaultKind;
import java.util.List;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;

/** The order A-1 on the routes direct:close and direct:cancel of docs/error-handling.md. */
abstract class CloseAndCancelTestSupport extends RecipesTestSupport {

    @Override
    List<RouteBuilder> documented() {
        return List.of(new CloseAndCancelTest.CloseAndCancel());
    }

    Message endsIn(String route, String end) throws Exception {
        for (String other : List.of("paid", "closed", "again", "person", "dead", "found")) {
            expect(other, other.equals(end) ? 1 : 0);
        }
        template().sendBody(route, "A-1");
        MockEndpoint.assertIsSatisfied(context());
        return getMockEndpoint("mock:" + end).getExchanges().get(0).getMessage();
    }

    static KsherOrder order(String route) {
        return route.equals("direct:cancel") ? KsherOrder.gateway("A-1") : KsherOrder.of("A-1");
    }

    static String query(String route) {
        return route.equals("direct:cancel") ? "gatewayQuery" : "orderQuery";
    }

    static String command(String route) {
        return route.equals("direct:cancel") ? "gatewayCancel" : "orderClose";
    }

    static Fault fault(FaultKind kind) {
        return switch (kind) {
            case LOST_REPLY -> Fault.lostReply();
            case LOST_REQUEST -> Fault.lostRequest();
            case BAD_SIGNATURE -> Fault.badSignature();
            case HTML -> Fault.html();
            default -> throw new IllegalArgumentException(kind.toString());
        };
    }
}
