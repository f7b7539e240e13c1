package dev.firebreak.starter.server;

import dev.firebreak.starter.FilterOrder;
import dev.firebreak.starter.ServiceIdentity;
import dev.firebreak.starter.problem.ProblemFilter;
import dev.firebreak.starter.problem.ProblemRenderer;
import dev.firebreak.starter.trace.TraceFilter;
import java.net.InetAddress;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.ContinueResponseTiming;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/** The outermost filters, and what Tomcat says by itself. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class ServerAutoConfiguration {
    @Bean
    FilterRegistrationBean<TraceFilter> traceFilter() {
        return FilterOrder.register(new TraceFilter(), FilterOrder.TRACE);
    }

    @Bean
    FilterRegistrationBean<ProblemFilter> problemFilter(ProblemRenderer problems) {
        return FilterOrder.register(new ProblemFilter(problems), FilterOrder.PROBLEM);
    }

    /** Known passwords and plain http are for one machine: nobody else may reach a process that allows them. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> theLocalProfileStaysAtHome(ServiceIdentity identity) {
        return factory -> {
            InetAddress address = factory.getAddress();
            if (identity.isLocal() && (address == null || !address.isLoopbackAddress())) {
                throw new InvalidConfigurationPropertyValueException(
                        "server.address",
                        address == null ? "" : address.getHostAddress(),
                        "firebreak.profile is local, which is for one machine: the address must be 127.0.0.1.");
            }
        };
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcatsOwnErrors() {
        return factory -> factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.getPipeline().addValve(new ProblemReportValve());
            }
        });
    }

    /** Says "100 Continue" when a handler wants the body, not before the request was admitted (RFC 9110, 10.1.1). */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> bodiesOnDemand() {
        return factory -> factory.addConnectorCustomizers(connector -> {
            if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
                http.setContinueResponseTiming(ContinueResponseTiming.ON_REQUEST_BODY_READ.toString());
            }
        });
    }
}
