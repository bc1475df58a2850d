/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package shop;

import io.github.camelksher.component.KsherConstants;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;

public class CloseOrders extends RouteBuilder {

    public static void main(String[] args) throws Exception {
        Main main = new Main();
        main.configure().addRoutesBuilder(new CloseOrders());
        main.run(args);
    }

    @Override
    public void configure() {
        from("timer:once?repeatCount=1")
                .setHeader(KsherConstants.MCH_ORDER_NO, constant("A-1"))
                .to("ksher:orderQuery")
                .log("A-1 is ${body.result}")
                .filter(simple("${body.result.open}"))
                .to("ksher:orderClose")
                .log("closed: ${body.closed}");
    }
}
