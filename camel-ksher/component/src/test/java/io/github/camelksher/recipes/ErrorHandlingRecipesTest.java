/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherRejectedException;
import io.github.camelksher.reply.GatewayQueryReply;
import io.github.camelksher.reply.OrderQueryReply;
import io.github.camelksher.simulator.Call;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The recipes of docs/error-handling.md and the routes of README.md, run against the simulator. */
class ErrorHandlingRecipesTest extends CamelTestSupport {

    private static KsherSimulator ksher;

    @BeforeAll
    static void startKsher() throws Exception {
        ksher = KsherSimulator.builder().port(0).queryInterval(Duration.ZERO).start();
    }

    @AfterAll
    static void stopKsher() {
        ksher.close();
    }

    @BeforeEach
    void forgetOrders() {
        ksher.reset();
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext camel = super.createCamelContext();
        KsherComponent component = new KsherComponent();
        component.getConfiguration().setAppId(ksher.appId());
        component.getConfiguration().setPrivateKey(ksher.merchantKey());
        component.getConfiguration().setKsherPublicKey(ksher.publicKey());
        component.getConfiguration().setApiUrl(ksher.apiUrl());
        component.getConfiguration().setGatewayUrl(ksher.gatewayUrl());
        camel.addComponent("ksher", component);
        camel.getPropertiesComponent().setOverrideProperties(shortDelays());
        return camel;
    }

    private static Properties shortDelays() {
        Properties properties = new Properties();
        properties.setProperty("ksher.pace", "20");
        properties.setProperty("ksher.late", "20");
        properties.setProperty("orders.in", "direct:ordersIn");
        properties.setProperty("orders.out", "direct:ordersOut");
        return properties;
    }

    @Override
    protected RoutesBuilder[] createRouteBuilders() {
        return new RoutesBuilder[] {
            new YourOwnRoutes(),
            new QueryThenClose(),
            new ComponentPage(),
            new DeadLetter(),
            new RepeatQueries(),
            new RepeatCommands(),
            new AlreadyCancelled(),
            new OutcomeUnknown(),
            new PaidAfterCancel(),
            new Queue()
        };
    }

    /** What the recipes call direct:something is a mock:something here. */
    static class YourOwnRoutes extends RouteBuilder {
        @Override
        public void configure() {
            Stream.of(
                            "paid",
                            "over",
                            "look",
                            "closed",
                            "dead",
                            "found",
                            "cancelled",
                            "open",
                            "again",
                            "person",
                            "ordersOut")
                    .forEach(name -> from("direct:" + name).to("mock:" + name));
        }
    }

    static class QueryThenClose extends RouteBuilder {
        @Override
        public void configure() {
            from("direct:closeUnpaid")
                    .setHeader(KsherConstants.MCH_ORDER_NO, body())
                    .to("ksher:orderQuery")
                    .choice()
                    .when(simple("${body.result} in 'NOTPAY,PAYERROR,PENDING,USERPAYING'"))
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

    static class DeadLetter extends RouteBuilder {
        @Override
        public void configure() {
            onException(KsherException.class)
                    .handled(true)
                    .setHeader("orderNo", simple("${exception.order}"))
                    .setHeader("reason", simple("${exception.message}"))
                    .setHeader("outcomeUnknown", simple("${exception.outcomeUnknown}"))
                    .to("direct:dead");

            from("direct:close")
                    .setHeader(KsherConstants.MCH_ORDER_NO, body())
                    .to("ksher:orderClose")
                    .to("direct:closed");
        }
    }

    static class RepeatQueries extends RouteBuilder {
        @Override
        public void configure() {
            onException(KsherException.class)
                    .onWhen(simple("${exception.retryable}"))
                    .maximumRedeliveries(5)
                    .redeliveryDelay("{{ksher.pace:10000}}")
                    .handled(true)
                    .to("direct:dead");
            onException(KsherException.class).handled(true).to("direct:dead");

            from("direct:query")
                    .setHeader(KsherConstants.MCH_ORDER_NO, body())
                    .to("ksher:orderQuery")
                    .to("direct:found");
        }
    }

    static class RepeatCommands extends RouteBuilder {
        @Override
        public void configure() {
            onException(KsherException.class)
                    .onWhen(simple("${exception.retryable} == true && ${exception.outcomeUnknown} == false"))
                    .maximumRedeliveries(5)
                    .redeliveryDelay("{{ksher.pace:10000}}")
                    .handled(true)
                    .to("direct:dead");
            onException(KsherException.class).handled(true).to("direct:dead");

            from("direct:closeRepeatedly")
                    .setHeader(KsherConstants.MCH_ORDER_NO, body())
                    .to("ksher:orderClose")
                    .to("direct:closed");
        }
    }

    static class AlreadyCancelled extends RouteBuilder {
        @Override
        public void configure() {
            onException(KsherRejectedException.class)
                    .onWhen(simple("${exception.code} == -5"))
                    .handled(true)
                    .to("direct:confirmCancel");

            from("direct:cancel")
                    .setHeader(KsherConstants.MCH_ORDER_NO, body())
                    .to("ksher:gatewayCancel")
                    .to("direct:confirmCancel");

            from("direct:confirmCancel")
                    .to("ksher:gatewayQuery")
                    .choice()
                    .when(simple("${body.result} == 'CLOSED'"))
                    .to("direct:cancelled")
                    .when(simple("${body.result.paid}"))
                    .to("direct:paid")
                    .otherwise()
                    .to("direct:open");
        }
    }

    static class OutcomeUnknown extends RouteBuilder {
        @Override
        public void configure() {
            onException(KsherException.class)
                    .onWhen(simple("${exception.outcomeUnknown}"))
                    .handled(true)
                    .to("direct:lookFirst");

            from("direct:closeCarefully")
                    .setHeader(KsherConstants.MCH_ORDER_NO, body())
                    .to("ksher:orderClose")
                    .to("direct:closed");

            from("direct:lookFirst")
                    .to("ksher:orderQuery")
                    .choice()
                    .when(simple("${body.result.paid}"))
                    .to("direct:paid")
                    .when(simple("${body.result} == 'CLOSED'"))
                    .to("direct:closed")
                    .otherwise()
                    .to("direct:again");
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
                    .setHeader(KsherConstants.MCH_ORDER_NO, body())
                    .setHeader(KsherConstants.OPERATOR_ID, header("operator"))
                    .to("ksher:orderClose")
                    .setHeader("result", header(KsherConstants.RESULT))
                    .setBody(header(KsherConstants.MCH_ORDER_NO))
                    .to("{{orders.out:jms:queue:closed}}");
        }
    }

    @Test
    void closesAnUnpaidOrderButNeverAPaidOne() throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        ksher.open(KsherOrder.of("A-2").state(KsherOrder.State.SUCCESS));
        ksher.open(KsherOrder.of("A-3").state(KsherOrder.State.NOTSURE));
        expect("closed", 1);
        expect("paid", 1);
        expect("look", 1);

        template().sendBody("direct:closeUnpaid", "A-1");
        template().sendBody("direct:closeUnpaid", "A-2");
        template().sendBody("direct:closeUnpaid", "A-3");

        MockEndpoint.assertIsSatisfied(context());
        assertThat(operations("A-3")).containsExactly("orderQuery");
        assertThat(operations("A-2")).containsExactly("orderQuery");
        assertThat(ksher.order("A-1").state()).isEqualTo(KsherOrder.State.CLOSED);
    }

    @Test
    void theRoutesOfTheComponentPageRun() {
        ksher.open(KsherOrder.of("A-1"));
        ksher.open(KsherOrder.of("A-2").paysAfterCancel());

        assertThat(template().requestBody("direct:ask", "A-1")).isInstanceOf(OrderQueryReply.class);
        assertThat(template().requestBody("direct:cancelAndConfirm", "A-1")).isInstanceOf(GatewayQueryReply.class);
        assertThatThrownBy(() -> template().requestBody("direct:cancelAndConfirm", "A-2"))
                .hasRootCauseMessage("not cancelled: A-2");
    }

    @Test
    void theYamlRouteOfTheReadmeDoesTheSame() throws Exception {
        Matcher yaml = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../../README.md")));
        assertThat(yaml.find()).isTrue();
        context().getRouteController().stopRoute(idOf("direct://closeUnpaid"));
        context().removeRoute(idOf("direct://closeUnpaid"));
        PluginHelper.getRoutesLoader(context()).loadRoutes(ResourceHelper.fromString("readme.yaml", yaml.group(1)));

        closesAnUnpaidOrderButNeverAPaidOne();
    }

    @Test
    void aFailedOrderGoesToTheDeadLetterQueueWithItsReason() throws Exception {
        ksher.faults().next(Fault.html(), "orderClose");
        MockEndpoint dead = expect("dead", 1);

        template().sendBody("direct:close", "A-1");

        MockEndpoint.assertIsSatisfied(context());
        var message = dead.getExchanges().get(0).getMessage();
        assertThat(message.getBody()).isEqualTo("A-1");
        assertThat(message.getHeader("orderNo")).isEqualTo("A-1");
        assertThat(message.getHeader("outcomeUnknown", Boolean.class)).isTrue();
        assertThat(message.getHeader("reason", String.class)).contains("not one of Ksher's");
    }

    @Test
    void aQueryIsRepeatedUntilItIsAnswered() throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        ksher.faults().next(Fault.lostReply(), "orderQuery");
        ksher.faults().next(Fault.status(503), "orderQuery");
        expect("found", 1);
        expect("dead", 0);

        template().sendBody("direct:query", "A-1");

        MockEndpoint.assertIsSatisfied(context());
        assertThat(operations("A-1")).hasSize(3);
    }

    @Test
    void aQueryThatCannotSucceedIsNotRepeated() throws Exception {
        expect("dead", 1);

        template().sendBody("direct:query", "unknown");

        MockEndpoint.assertIsSatisfied(context());
        assertThat(operations("unknown")).hasSize(1);
    }

    @Test
    void aCommandIsRepeatedIfItWasNotCarriedOut() throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        ksher.faults().next(Fault.status(429), "orderClose");
        expect("closed", 1);
        expect("dead", 0);

        template().sendBody("direct:closeRepeatedly", "A-1");

        MockEndpoint.assertIsSatisfied(context());
        assertThat(operations("A-1")).hasSize(2);
    }

    @Test
    void aCommandIsNotRepeatedIfItMayHaveBeenCarriedOut() throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        ksher.faults().next(Fault.lostReply(), "orderClose");
        expect("closed", 0);
        expect("dead", 1);

        template().sendBody("direct:closeRepeatedly", "A-1");

        MockEndpoint.assertIsSatisfied(context());
        assertThat(operations("A-1")).hasSize(1);
    }

    @Test
    void aCommandIsNotRepeatedOnceItsOutcomeIsUnknownThoughItWasRepeatedBefore() throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        ksher.faults().next(Fault.status(429), "orderClose");
        ksher.faults().next(Fault.lostReply(), "orderClose");
        expect("closed", 0);
        expect("dead", 1);

        template().sendBody("direct:closeRepeatedly", "A-1");

        MockEndpoint.assertIsSatisfied(context());
        assertThat(operations("A-1")).hasSize(2);
    }

    @Test
    void anOrderThatIsCancelledAlreadyIsConfirmedAndSucceeds() throws Exception {
        ksher.open(KsherOrder.of("A-1").state(KsherOrder.State.CLOSED));
        MockEndpoint cancelled = expect("cancelled", 1);

        template().sendBody("direct:cancel", "A-1");

        MockEndpoint.assertIsSatisfied(context());
        assertThat(operations("A-1")).containsExactly("gatewayCancel", "gatewayQuery");
        assertThat(cancelled.getExchanges().get(0).getMessage().getHeader(KsherConstants.SIGNED))
                .isEqualTo(true);
    }

    @Test
    void aLostReplyToACloseIsFollowedByAQuery() throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        ksher.faults().next(Fault.lostReply(), "orderClose");
        expect("closed", 1);
        expect("again", 0);

        template().sendBody("direct:closeCarefully", "A-1");

        MockEndpoint.assertIsSatisfied(context());
        assertThat(operations("A-1")).containsExactly("orderClose", "orderQuery");
    }

    @Test
    void aLostRequestToACloseIsFoundOpenAndClosedAgain() throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        ksher.faults().next(Fault.lostRequest(), "orderClose");
        expect("closed", 0);
        expect("again", 1);

        template().sendBody("direct:closeCarefully", "A-1");

        MockEndpoint.assertIsSatisfied(context());
    }

    @Test
    void anOrderPaidAfterItsCancelIsFoundByTheLateQuery() throws Exception {
        ksher.open(KsherOrder.of("A-1").paysAfterCancel(1));
        expect("cancelled", 1);
        expect("person", 1);

        template().sendBody("direct:cancel", "A-1");
        template().sendBody("direct:checkLate", "A-1");

        MockEndpoint.assertIsSatisfied(context());
    }

    @Test
    void aQueueRouteSetsTheHeadersThatTheQueueStripped() throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        MockEndpoint out = expect("ordersOut", 1);
        out.expectedHeaderReceived("result", "SUCCESS");
        out.expectedBodiesReceived("A-1");

        template().sendBodyAndHeaders("direct:ordersIn", "A-1", Map.of("operator", "till-7"));

        MockEndpoint.assertIsSatisfied(context());
    }

    private MockEndpoint expect(String name, int messages) {
        MockEndpoint mock = getMockEndpoint("mock:" + name);
        mock.expectedMessageCount(messages);
        return mock;
    }

    private String idOf(String uri) {
        return context().getRoutes().stream()
                .filter(route -> route.getEndpoint().getEndpointUri().equals(uri))
                .findFirst()
                .orElseThrow()
                .getId();
    }

    private static List<String> operations(String order) {
        return ksher.calls().stream()
                .filter(call -> call.order().equals(order))
                .map(Call::operation)
                .toList();
    }
}
