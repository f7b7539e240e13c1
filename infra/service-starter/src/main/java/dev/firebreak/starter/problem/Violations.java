package dev.firebreak.starter.problem;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.ServiceException.Violation;
import jakarta.validation.ConstraintViolation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Which fields of a request break a rule: JSON pointers for bodies (RFC 6901), names for parameters. */
public final class Violations {
    private static final String DETAIL = "The request does not fit the documented form.";

    private Violations() {}

    static Failure ofBody(MethodArgumentNotValidException e) {
        return of(ofErrors(e.getAllErrors()));
    }

    static Failure ofParameter(String name, String message) {
        return of(List.of(new Violation(name, message)));
    }

    static Failure ofParameters(HandlerMethodValidationException e) {
        List<Violation> found = new ArrayList<>();
        for (ParameterValidationResult result : e.getParameterValidationResults()) {
            if (result instanceof ParameterErrors body) {
                found.addAll(ofErrors(body.getAllErrors()));
            } else {
                String name = result.getMethodParameter().getParameterName();
                result.getResolvableErrors()
                        .forEach(error -> found.add(
                                new Violation(name == null ? "" : name, String.valueOf(error.getDefaultMessage()))));
            }
        }
        return of(found);
    }

    /** Absent where the reading itself failed for another reason, which then is the cause that counts. */
    static Optional<Failure> ofUnreadableBody(HttpMessageNotReadableException e) {
        Throwable cause = e.getCause();
        if (cause instanceof StreamReadException) {
            return Optional.of(Failure.of(RequestError.MALFORMED, "The body is not valid JSON."));
        }
        if (cause instanceof IOException || cause instanceof JacksonIOException) {
            return Optional.of(Failure.of(RequestError.MALFORMED, "The body did not arrive in time or in full."));
        }
        if (cause instanceof JacksonException mapping) {
            return Optional.of(of(List.of(violation(mapping))));
        }
        return cause == null
                ? Optional.of(Failure.of(RequestError.MALFORMED, "A body is required."))
                : Optional.empty();
    }

    /** A body that was read but does not fit its type. */
    public static ServiceException ofMapping(JacksonException e) {
        return new ServiceException(RequestError.INVALID, DETAIL, List.of(violation(e)));
    }

    /** A value that breaks rules of Bean Validation. */
    public static ServiceException ofConstraints(Set<? extends ConstraintViolation<?>> broken) {
        return new ServiceException(
                RequestError.INVALID,
                DETAIL,
                sorted(broken.stream()
                        .map(it -> new Violation(pointer(it.getPropertyPath().toString()), it.getMessage()))
                        .toList()));
    }

    private static Failure of(List<Violation> violations) {
        return new Failure(RequestError.INVALID, DETAIL, null, sorted(violations), Map.of(), Map.of(), null);
    }

    /** The same order at each answer, whatever order the rules were checked in. */
    private static List<Violation> sorted(List<Violation> violations) {
        return violations.stream()
                .sorted(Comparator.comparing(Violation::field).thenComparing(Violation::message))
                .toList();
    }

    private static Violation violation(JacksonException e) {
        return new Violation(
                pointer(e),
                e instanceof UnrecognizedPropertyException ? "is not a known member" : "has the wrong form");
    }

    private static List<Violation> ofErrors(List<ObjectError> errors) {
        return errors.stream()
                .map(error -> new Violation(
                        error instanceof FieldError field ? pointer(field.getField()) : "",
                        String.valueOf(error.getDefaultMessage())))
                .toList();
    }

    private static String pointer(JacksonException e) {
        StringBuilder pointer = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            pointer.append('/');
            if (step.getPropertyName() != null) {
                pointer.append(step.getPropertyName().replace("~", "~0").replace("/", "~1"));
            } else {
                pointer.append(step.getIndex());
            }
        }
        return pointer.toString();
    }

    /** A Java property path as it reads on the wire: {@code lines[0].dueDate} is {@code /lines/0/due_date}. */
    static String pointer(String propertyPath) {
        return "/"
                + propertyPath
                        .replaceAll("\\[(\\w+)]", ".$1")
                        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                        .toLowerCase(Locale.ROOT)
                        .replace('.', '/');
    }
}
