/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.springboot;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.reply.OrderCloseReply;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** An application as a merchant writes it. */
@SpringBootConfiguration
@EnableAutoConfiguration
public class Shop {

    @Bean
    RouteBuilder routes() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:close")
                        .routeId("close")
                        .setHeader(KsherConstants.MCH_ORDER_NO, body())
                        .to("ksher:orderQuery")
                        .filter(simple("${body.result.open}"))
                        .to("ksher:orderClose");
            }
        };
    }

    /** Whether the order was closed by this call. */
    static boolean close(ConfigurableApplicationContext shop, String order) {
        ProducerTemplate template = shop.getBean(ProducerTemplate.class);
        return template.requestBody("direct:close", order) instanceof OrderCloseReply reply && reply.isClosed();
    }

    /** Closes the orders that it is given, and says which Boot and Camel it ran on. For a process of its own. */
    public static void main(String[] orders) {
        try (ConfigurableApplicationContext shop = SpringApplication.run(Shop.class)) {
            for (String order : orders) {
                System.out.println(order + " closed: " + close(shop, order) + ", by Camel "
                        + shop.getBean(CamelContext.class).getVersion());
            }
        }
    }
}
