/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.reply.GatewayQueryReply;
import io.github.camelksher.reply.OrderQueryReply;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The other recipes of docs/error-handling.md, and the routes of README.md and
 * of the component page.
 */
class ErrorHandlingRecipesTest extends RecipesTestSupport {

    @Override
    List<RouteBuilder> documented() {
        return List.of(
                new QueryThenClose(),
                new ComponentPage(),
                new CloseAndCancelTest.CloseAndCancel(),
                new RepeatCommands(),
                new PaidAfterCancel(),
                new Queue());
    }

    static class QueryThenClose extends RouteBuilder {
        @Override
        public void configure() {
            from("direct:closeUnpaid")
                    .setHeader(KsherConstants.MCH_ORDER_NO, body())
                    .to("ksher:orderQuery")
                    .choice()
                    .when(simple("${body.result.open}"))
                    .to("ksher:orderClose")
                    .to("direct:closed")
                    .when(simple("${body.result.paid}"))
                    .to("direct:paid")
                    .otherwise()
                    .to("direct:look");
        }
    }

    static class ComponentPage extends RouteBuilder {
        @Override
        public void configure() {
            from("direct:ask")
                    .setHeader(KsherConstants.MCH_ORDER_NO, body())
                    .to("ksher:orderQuery")
                    .log("${body.mchOrderNo} is ${body.result}, ${body.totalFee} ${body.feeType}");

            from("direct:cancelAndConfirm")
                    .setHeader(KsherConstants.MCH_ORDER_NO, body())
                    .to("ksher:gatewayCancel?lang=en")
                    .to("ksher:gatewayQuery")
                    .filter(simple("${body.result} != 'CLOSED'"))
                    .throwException(IllegalStateException.class, "not cancelled: ${header.CamelKsherMchOrderNo}")
                    .end();
        }
    }

    static class RepeatCommands extends RouteBuilder {
        @Override
        public void configure() {
            from("direct:closeOpenRepeatedly")
                    .onException(KsherException.class)
                    .onWhen(simple("${exception.retryable} == true && ${exception.outcomeUnknown} == false"))
                    .maximumRedeliveries(5)
                    .redeliveryDelay("{{ksher.pace:10000}}")
                    .handled(true)
                    .setProperty("outcomeUnknown", constant(false))
                    .to("direct:queryAfterClose")
                    .end()
                    .onException(KsherException.class)
                    .handled(true)
                    .setProperty("outcomeUnknown", simple("${exception.outcomeUnknown}"))
                    .to("direct:queryAfterClose")
                    .end()
                    .setProperty("outcomeUnknown", constant(true))
                    .to("ksher:orderClose")
                    .setProperty("outcomeUnknown", constant(false))
                    .to("direct:closed");
        }
    }

    static class PaidAfterCancel extends RouteBuilder {
        @Override
        public void configure() {
            from("direct:checkLate")
                    .setHeader(KsherConstants.MCH_ORDER_NO, body())
                    .delay(simple("{{ksher.late:3600000}}"))
                    .to("ksher:gatewayQuery")
                    .choice()
                    .when(simple("${body.result.paid}"))
                    .to("direct:person")
                    .otherwise()
                    .to("direct:over");
        }
    }

    static class Queue extends RouteBuilder {
        @Override
        public void configure() {
            from("{{orders.in:jms:queue:orders}}")
                    .removeHeaders("Camel*")
                    .setHeader(KsherConstants.OPERATOR_ID, header("operator"))
                    .to("direct:close");

            from("direct:tellTheShop")
                    .setBody(header(KsherConstants.MCH_ORDER_NO))
                    .setHeader("signed", header(KsherConstants.SIGNED))
                    .to("{{orders.out:jms:queue:closed}}");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = KsherOrder.State.class,
            names = {"NOTPAY", "NOTSURE", "PAYERROR", "PENDING", "USERPAYING"})
    void closesAnOpenOrder(KsherOrder.State state) throws Exception {
        ksher.open(KsherOrder.of("A-1").state(state));
        expect("closed", 1);

        template().sendBody("direct:closeUnpaid", "A-1");

        MockEndpoint.assertIsSatisfied(context());
        assertThat(ksher.order("A-1").state()).isEqualTo(KsherOrder.State.CLOSED);
    }

    @Test
    void closesNoOrderThatIsPaidOrOver() throws Exception {
        ksher.open(KsherOrder.of("A-2").state(KsherOrder.State.SUCCESS));
        ksher.open(KsherOrder.of("A-3").state(KsherOrder.State.REFUND));
        expect("paid", 1);
        expect("look", 1);

        template().sendBody("direct:closeUnpaid", "A-2");
        template().sendBody("direct:closeUnpaid", "A-3");

        MockEndpoint.assertIsSatisfied(context());
        assertThat(operations("A-2")).containsExactly("orderQuery");
        assertThat(operations("A-3")).containsExactly("orderQuery");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOTPAY", "NOTSURE", "SUCCESS", "REFUND"})
    void theYamlRouteOfTheReadmeDoesTheSame(KsherOrder.State state) throws Exception {
        Matcher yaml = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../../README.md")));
        assertThat(yaml.find()).isTrue();
        context().getRouteController().stopRoute(idOf("direct://closeUnpaid"));
        context().removeRoute(idOf("direct://closeUnpaid"));
        PluginHelper.getRoutesLoader(context()).loadRoutes(ResourceHelper.fromString("readme.yaml", yaml.group(1)));

        switch (state) {
            case NOTPAY, NOTSURE -> closesAnOpenOrder(state);
            default -> closesNoOrderThatIsPaidOrOver();
        }
    }

    @Test
    void theRoutesOfTheComponentPageRun() {
        ksher.open(KsherOrder.of("A-1"));
        ksher.open(KsherOrder.gateway("G-1"));
        ksher.open(KsherOrder.gateway("G-2").paysAfterCancel());

        assertThat(template().requestBody("direct:ask", "A-1")).isInstanceOf(OrderQueryReply.class);
        assertThat(template().requestBody("direct:cancelAndConfirm", "G-1")).isInstanceOf(GatewayQueryReply.class);
        assertThatThrownBy(() -> template().requestBody("direct:cancelAndConfirm", "G-2"))
                .hasRootCauseMessage("not cancelled: G-2");
    }

    @Test
    void aCommandIsRepeatedIfItWasNotCarriedOut() throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        ksher.faults().next(Fault.status(429), "orderClose");
        expect("closed", 1);

        template().send("direct:closeOpenRepeatedly", this::order);

        MockEndpoint.assertIsSatisfied(context());
        assertThat(operations("A-1")).containsExactly("orderClose", "orderClose");
    }

    @Test
    void aCommandIsNotRepeatedIfItMayHaveBeenCarriedOut() throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        ksher.faults().next(Fault.lostReply(), "orderClose");
        expect("closed", 1);

        template().send("direct:closeOpenRepeatedly", this::order);

        MockEndpoint.assertIsSatisfied(context());
        assertThat(operations("A-1")).containsExactly("orderClose", "orderQuery");
    }

    @Test
    void aCommandIsNotRepeatedOnceItsOutcomeIsUnknownThoughItWasRepeatedBefore() throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        ksher.faults().next(Fault.status(429), "orderClose");
        ksher.faults().next(Fault.lostReply(), "orderClose");
        expect("closed", 1);

        template().send("direct:closeOpenRepeatedly", this::order);

        MockEndpoint.assertIsSatisfied(context());
        assertThat(operations("A-1")).containsExactly("orderClose", "orderClose", "orderQuery");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theDeadLetterOfARepeatedCommandKnowsWhetherItMayHaveBeenCarriedOut(boolean unknown) throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        ksher.faults().next(Fault.status(429), "orderClose", unknown ? 2 : 6);
        ksher.faults().next(Fault.lostReply(), "orderClose");
        ksher.faults().next(Fault.badSignature(), "orderQuery");
        MockEndpoint dead = expect("dead", 1);

        template().send("direct:closeOpenRepeatedly", this::order);

        MockEndpoint.assertIsSatisfied(context());
        assertThat(dead.getExchanges().get(0).getMessage().getHeader("outcomeUnknown"))
                .isEqualTo(unknown);
    }

    @Test
    void anOrderPaidAfterItsCancelIsFoundByTheLateQuery() throws Exception {
        ksher.open(KsherOrder.gateway("G-1").paysAfterCancel(1));
        expect("closed", 1);
        expect("person", 1);

        template().sendBody("direct:cancel", "G-1");
        template().sendBody("direct:checkLate", "G-1");

        MockEndpoint.assertIsSatisfied(context());
    }

    @Test
    void aQueueRouteSetsTheHeadersThatTheQueueStripped() throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        MockEndpoint closed = expect("closed", 2);
        MockEndpoint out = expect("ordersOut", 1);
        out.expectedHeaderReceived("signed", true);
        out.expectedBodiesReceived("A-1");

        template().sendBodyAndHeaders("direct:ordersIn", "A-1", Map.of("operator", "till-7"));
        template().sendBodyAndHeaders("direct:ordersIn", "A-1", Map.of("operator", "till-7"));
        template().send("direct:tellTheShop", closed.getExchanges().get(0));

        MockEndpoint.assertIsSatisfied(context());
        assertThat(operations("A-1")).containsExactly("orderQuery", "orderClose", "orderQuery");
    }

    private void order(Exchange exchange) {
        exchange.getMessage().setHeader(KsherConstants.MCH_ORDER_NO, "A-1");
    }

    private String idOf(String uri) {
        return context().getRoutes().stream()
                .filter(route -> route.getEndpoint().getEndpointUri().equals(uri))
                .findFirst()
                .orElseThrow()
                .getId();
    }
}
