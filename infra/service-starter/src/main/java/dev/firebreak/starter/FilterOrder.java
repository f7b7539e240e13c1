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
    /** Judges the bearer token: first, because the lane depends on who calls, and from memory, so that it costs no wait. */
    public static final int BEARER = FIRST + 20;
    /** The first refusal for want of room: one count, before the body is read. */
    public static final int IN_FLIGHT = FIRST + 30;

    public static final int DEADLINE = FIRST + 40;
    public static final int BODY_LIMIT = FIRST + 50;

    private FilterOrder() {}

    /** A registration of the filter for every path. */
    public static <F extends Filter> FilterRegistrationBean<F> register(F filter, int order) {
        FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(order);
        return registration;
    }
}
