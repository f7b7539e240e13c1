package dev.firebreak.starter.client;

import dev.firebreak.trust.retry.Pause;
import dev.firebreak.trust.retry.RetryBudget;
import dev.firebreak.trust.retry.RetryRules;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the clients of other services, one name for each upstream. Whatever has one name shares one retry budget and one
 * set of metrics. An interface with {@code @HttpExchange} gets its client by {@code @ImportHttpServices}, where the group
 * is the name; take this where there is no interface. Thread-safe.
 */
public final class ServiceClients {
    /**
     * Attribute of a request ({@code RestClient}'s {@code attribute}) of which the caller knows that twice does the same as
     * once, whatever its method, although the other side keeps no record of keys: it may be made again.
     */
    public static final String REPEATABLE = ServiceClients.class.getName() + ".repeatable";

    /** A name is a metric label and a key of Boot's configuration. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");

    private final Supplier<RestClient.Builder> builders;
    private final MeterRegistry metrics;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Pause pause;
    private final JacksonJsonHttpMessageConverter json;
    /** As many as there are upstreams, which are named in code. */
    private final Map<String, RetryInterceptor> upstreams = new ConcurrentHashMap<>();

    ServiceClients(
            Supplier<RestClient.Builder> builders,
            MeterRegistry metrics,
            InstantSource clock,
            RandomGenerator random,
            Pause pause,
            JsonMapper json) {
        this.builders = builders;
        this.metrics = metrics;
        this.clock = clock;
        this.random = random;
        this.pause = pause;
        this.json = tolerant(json);
    }

    /**
     * A new client of the upstream; only its base URL is left to set. Build it once and keep it: each has connections of
     * its own.
     *
     * @param upstream a constant such as {@code auth-server}
     */
    public RestClient.Builder builder(String upstream) {
        return equip(upstream, builders.get());
    }

    /** Makes any builder a client of the upstream. */
    RestClient.Builder equip(String upstream, RestClient.Builder builder) {
        if (!NAME.matcher(upstream).matches()) {
            throw new IllegalArgumentException("The name of an upstream is lower-case with dashes, not " + upstream);
        }
        return builder.configureMessageConverters(
                        converters -> converters.registerDefaults().withJsonConverter(json))
                .requestInterceptor(upstreams.computeIfAbsent(upstream, this::interceptor))
                .defaultStatusHandler(UpstreamAnswers::isTroubleBetweenServices, new UpstreamAnswers(upstream, clock));
    }

    /** Requests are read strictly; an answer may hold more than we know, or its service could never add a member. */
    private static JacksonJsonHttpMessageConverter tolerant(JsonMapper json) {
        return new JacksonJsonHttpMessageConverter(json.rebuild()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build());
    }

    private RetryInterceptor interceptor(String upstream) {
        RetryRules rules = new RetryRules(new RetryBudget(), random);
        return new RetryInterceptor(rules, new CallMetrics(upstream, metrics), clock, pause);
    }
}
