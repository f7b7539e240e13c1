package dev.firebreak.auth.trust;

import dev.firebreak.starter.FilterOrder;
import jakarta.servlet.Filter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/** Give it to a server, and the trust feed, which answers at once, answers when the test lets it. */
@TestConfiguration(proxyBeanMethods = false)
public class HeldPolls {
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger held = new AtomicInteger();

    /** The last filter of all: what is held here was admitted and has proved who it is. */
    @Bean
    FilterRegistrationBean<Filter> heldPollsFilter() {
        Filter hold = (request, response, chain) -> {
            held.incrementAndGet();
            try {
                release.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            chain.doFilter(request, response);
        };
        FilterRegistrationBean<Filter> registration = FilterOrder.register(hold, Ordered.LOWEST_PRECEDENCE);
        registration.addUrlPatterns("/internal/v1/trust");
        return registration;
    }

    /** Polls that have come so far. */
    public int held() {
        return held.get();
    }

    /** Lets all of them be answered, and later ones too. */
    public void release() {
        release.countDown();
    }
}
