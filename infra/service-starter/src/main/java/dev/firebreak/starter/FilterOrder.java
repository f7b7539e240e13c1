package dev.firebreak.starter;

import jakarta.servlet.Filter;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.Ordered;

/**
 * The order in which a request passes the starter's filters, all of them ahead of a service's own. Health is answered
 * before any of them, outside the web application.
 */
public final class FilterOrder {
    private static final int FIRST = Ordered.HIGHEST_PRECEDENCE + 100;

    /** Begins or continues the trace, so that every later answer names it. */
    public static final int TRACE = FIRST;
    /** Answers for whatever the filters after it throw. */
    public static final int PROBLEM = FIRST + 10;
    /** Cheapest refusal first: one permit. */
    public static final int IN_FLIGHT = FIRST + 20;

    public static final int DEADLINE = FIRST + 30;
    public static final int BODY_LIMIT = FIRST + 40;
    /** Judges the bearer token, out of memory. */
    public static final int BEARER = FIRST + 50;

    private FilterOrder() {}

    /** A registration of the filter for every path. */
    public static <F extends Filter> FilterRegistrationBean<F> register(F filter, int order) {
        FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(order);
        return registration;
    }
}
