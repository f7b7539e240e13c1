package dev.firebreak.starter.problem;

import dev.firebreak.starter.StarterAutoConfiguration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Problem documents for controllers, filters and the container. */
@AutoConfiguration(after = StarterAutoConfiguration.class, before = ErrorMvcAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class ProblemAutoConfiguration {
    /** Last: Spring's own exceptions are the most general. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    FailureTranslator springMvcFailures() {
        return new SpringMvcFailures();
    }

    @Bean
    @ConditionalOnMissingBean
    ProblemRenderer problemRenderer(
            ObjectProvider<FailureTranslator> translators, RandomGenerator random, ObjectProvider<ProblemPage> page) {
        List<FailureTranslator> ordered = translators.orderedStream().toList();
        return new ProblemRenderer(ordered, random, page.getIfAvailable());
    }

    @Bean
    @ConditionalOnMissingBean
    ProblemAdvice problemAdvice(ProblemRenderer problems) {
        return new ProblemAdvice(problems);
    }

    @Bean
    @ConditionalOnMissingBean(ErrorController.class)
    ContainerErrorController containerErrorController(ProblemRenderer problems) {
        return new ContainerErrorController(problems);
    }
}
