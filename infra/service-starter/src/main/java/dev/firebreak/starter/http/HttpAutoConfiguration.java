package dev.firebreak.starter.http;

import dev.firebreak.starter.StarterAutoConfiguration;
import jakarta.validation.Validator;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.json.JsonMapper;

/** The parts that need beans. */
@AutoConfiguration(
        after = {StarterAutoConfiguration.class, JacksonAutoConfiguration.class, ValidationAutoConfiguration.class})
class HttpAutoConfiguration {
    @Bean
    Ids ids(InstantSource clock, RandomGenerator random) {
        return new Ids(clock, random);
    }

    @Bean
    StrictJson strictJson() {
        return new StrictJson();
    }

    @Bean
    @ConditionalOnBean({JsonMapper.class, Validator.class})
    MergePatches mergePatches(JsonMapper json, Validator validator) {
        return new MergePatches(json, validator);
    }
}
