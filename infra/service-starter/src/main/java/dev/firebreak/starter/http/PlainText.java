package dev.firebreak.starter.http;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/**
 * Text that a person wrote and that every part of the system can store: a bounded number of characters (code points, as
 * JSON Schema and PostgreSQL count), no NUL or other control character, no half of a surrogate pair; unless it is multiline
 * no U+2028 or U+2029 either, at which terminals and log viewers break lines. Null is for other constraints to judge.
 */
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = PlainText.Rule.class)
public @interface PlainText {
    /** Most characters. */
    int max();

    /** True if the text may be empty and run over several lines. */
    boolean multiline() default false;

    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Says in the message which rule is broken. */
    final class Rule implements ConstraintValidator<PlainText, String> {
        private int max;
        private boolean multiline;

        @Override
        public void initialize(PlainText constraint) {
            max = constraint.max();
            multiline = constraint.multiline();
        }

        @Override
        public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
            String fault = text == null ? null : faultOf(text);
            if (fault == null) {
                return true;
            }
            context.disableDefaultConstraintViolation();
            context.buildConstraintViolationWithTemplate(fault).addConstraintViolation();
            return false;
        }

        private @Nullable String faultOf(String text) {
            if (!multiline && text.isBlank()) {
                return "must not be blank";
            }
            if (text.codePointCount(0, text.length()) > max) {
                return "may hold at most " + max + " characters";
            }
            if (!multiline && text.codePoints().anyMatch(Rule::isLineBreak)) {
                return "must be one line: it holds U+2028 or U+2029";
            }
            return text.codePoints().allMatch(this::isAllowed) ? null : "must not hold control characters";
        }

        private static boolean isLineBreak(int character) {
            int type = Character.getType(character);
            return type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
        }

        private boolean isAllowed(int character) {
            if (character == '\n' || character == '\r' || character == '\t') {
                return multiline;
            }
            int type = Character.getType(character);
            return type != Character.CONTROL && type != Character.SURROGATE;
        }
    }
}
