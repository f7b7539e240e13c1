package dev.firebreak.stack;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in for each of our services in a JVM of its own: reads the generated settings, listens where they say, answers
 * for its health and creates every account. {@code -Dfake.fail} makes it end, {@code -Dfake.down} never ready; while a
 * file {@code slow-migration} lies in the state folder, its migrate step takes a minute. Asked for the
 * first operator, it says a link.
 */
public final class FakeService {
    private static final String LOCATION = "--spring.config.additional-location=file:";

    private FakeService() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        String config = Files.readString(Path.of(args[0].substring(LOCATION.length())));
        if (args.length > 1 && args[1].equals("--firebreak.run=bootstrap-operator")) {
            System.out.println("link for " + args[2]);
            System.err.println("with " + (config.contains("_app.password") ? "its role" : "no role"));
            System.exit(args[2].endsWith("taken") ? 1 : 0);
        }
        if (args.length > 1) {
            if (Files.exists(Path.of("slow-migration"))) {
                Thread.sleep(60_000);
            }
            System.out.println("migrated with " + (config.contains("_migrator.password") ? "its role" : "no role"));
            System.exit(config.contains("_migrator.password") ? 0 : 1);
        }
        if (System.getProperty("fake.fail") != null) {
            System.out.println("2026-11-23T09:00:00.000Z ERROR 1 --- [main] : " + System.getProperty("fake.fail"));
            System.exit(3);
        }
        boolean down = Boolean.getBoolean("fake.down");
        String health =
                down ? "{\"status\":\"down\",\"reasons\":[\"trust.unread\"]}" : "{\"status\":\"ok\",\"reasons\":[]}";
        listen(port(config, "server"), "/readyz", down ? 503 : 200, health);
        if (config.contains("clients-folder")) {
            listen(port(config, "internal"), "/auth/internal/v1/ops/users", 201, "{}");
        }
        System.out.println("INFO listening");
    }

    private static void listen(int port, String path, int status, String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 8);
        server.createContext(path, exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    private static int port(String config, String block) {
        Matcher port = Pattern.compile("(?m)^ *" + block + ":\\n +port: (\\d+)").matcher(config);
        if (!port.find()) {
            throw new IllegalArgumentException("no port of " + block + " in\n" + config);
        }
        return Integer.parseInt(port.group(1));
    }
}
