package dev.firebreak.starter;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/** Says in one sentence for each key what is wrong with it, where Boot would list classes and null values. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<BindValidationException> {
    static final String WHERE = "Put it right in the file given by --spring.config.additional-location.";

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindValidationException cause) {
        String prefix = cause.getValidationErrors().getName().toString();
        StringBuilder sentences = new StringBuilder();
        for (ObjectError error : cause.getValidationErrors()) {
            if (!sentences.isEmpty()) {
                sentences.append(System.lineSeparator());
            }
            sentences.append(key(prefix, error)).append(' ').append(error.getDefaultMessage());
        }
        return new FailureAnalysis(sentences.toString(), WHERE, cause);
    }

    /** {@code pools[tasks].passwordFile} as it is written: {@code firebreak.pools.tasks.password-file}. */
    private static String key(String prefix, ObjectError error) {
        if (!(error instanceof FieldError field)) {
            return prefix;
        }
        String kebab = field.getField()
                .replaceAll("\\[([^\\]]+)]", ".$1")
                .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                .toLowerCase(Locale.ROOT);
        return prefix + "." + kebab;
    }
}
