package dev.firebreak.tasks;

import dev.firebreak.starter.test.TestPostgres;
import dev.firebreak.starter.test.TestTrust;
import dev.firebreak.trust.test.TestIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The service started by hand as {@code main} does, for tests of its start, its end, and a database that comes and goes. */
final class RunningService implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private RunningService(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts it; {@code more} are further keys, as {@code key=value}. */
    static RunningService start(TestPostgres.Database database, int databasePort, String... more) {
        Map<String, String> keys = new LinkedHashMap<>(TestPostgres.properties("tasks", database, databasePort));
        keys.put("firebreak.profile", "local");
        keys.put("firebreak.run", "serve");
        keys.put("firebreak.node", "task-service-1");
        keys.put("firebreak.issuer", TestTrust.ISSUER);
        keys.put("firebreak.public-origin", TestTrust.ORIGIN);
        keys.put("server.port", "0");
        keys.put("management.server.port", "0");
        for (String key : more) {
            keys.put(key.substring(0, key.indexOf('=')), key.substring(key.indexOf('=') + 1));
        }
        String[] args = keys.entrySet().stream()
                .map(key -> "--" + key.getKey() + "=" + key.getValue())
                .toArray(String[]::new);
        return new RunningService(
                new SpringApplicationBuilder(TaskServiceApplication.class, TestTrust.class).run(args));
    }

    Api api() {
        return new Api(port("local.server.port"), bean(TestIssuer.class));
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Readiness: status code, then body. */
    String readiness() {
        HttpResponse<String> answer = get("local.server.port", "/readyz");
        return answer.statusCode() + " " + answer.body();
    }

    HttpResponse<String> liveness() {
        return get("local.server.port", "/livez");
    }

    String metrics() {
        return get("local.management.port", "/actuator/prometheus").body();
    }

    HttpResponse<String> get(String portKey, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port(portKey) + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private int port(String key) {
        return context.getEnvironment().getRequiredProperty(key, Integer.class);
    }

    @Override
    public void close() {
        context.close();
    }
}
