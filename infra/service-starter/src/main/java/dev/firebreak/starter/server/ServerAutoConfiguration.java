package dev.firebreak.starter.server;

import dev.firebreak.starter.FilterOrder;
import dev.firebreak.starter.problem.ProblemFilter;
import dev.firebreak.starter.problem.ProblemRenderer;
import dev.firebreak.starter.trace.TraceFilter;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
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

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcatsOwnErrors() {
        return factory -> factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.getPipeline().addValve(new ProblemReportValve());
            }
        });
    }
}
