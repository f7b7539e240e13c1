package dev.firebreak.starter.authn;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The scope that a handler asks of its caller. Every handler under {@code /api/} has one, on the method or on its class:
 * without it the service does not start.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface RequiresScope {
    /** One scope, for instance {@code tasks:read}. */
    String value();
}
