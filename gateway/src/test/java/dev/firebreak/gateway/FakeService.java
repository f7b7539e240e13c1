package dev.firebreak.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** A service behind the gateway: real HTTP on a port of its own, scripted answers, can be stopped, restarted and hung. */
public final class FakeService implements AutoCloseable {
    private final int port;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private boolean running;
    private volatile Behaviour behaviour;
    private volatile CountDownLatch held = new CountDownLatch(0);

    /** What it was asked. */
    public record Call(String method, String path, Map<String, List<String>> headers, String body) {
        /** First value of a header, or null. */
        public String header(String name) {
            List<String> values = headers.get(name);
            return values == null ? null : values.getFirst();
        }

        /** The body as a form. */
        public Map<String, String> form() {
            return Arrays.stream(body.split("&", -1))
                    .map(pair -> pair.split("=", 2))
                    .collect(Collectors.toMap(
                            pair -> URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                            pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        }
    }

    /** What it says. */
    public record Reply(int status, Map<String, List<String>> headers, byte[] body) {
        public static Reply json(int status, String body) {
            return of(status, "application/json", body);
        }

        public static Reply of(int status, String contentType, String body) {
            Map<String, List<String>> headers = new LinkedHashMap<>();
            headers.put("Content-Type", List.of(contentType));
            return new Reply(status, headers, body.getBytes(StandardCharsets.UTF_8));
        }

        public Reply with(String name, String... values) {
            Map<String, List<String>> more = new LinkedHashMap<>(headers);
            more.put(name, List.of(values));
            return new Reply(status, more, body);
        }
    }

    /** How it answers. */
    public interface Behaviour {
        Reply answer(Call call) throws Exception;
    }

    private FakeService(int port) {
        this.port = port;
    }

    /** Starts one on a free port. */
    public static FakeService start(Behaviour behaviour) {
        HttpServer probe = bind(0);
        FakeService service = new FakeService(probe.getAddress().getPort());
        service.behaviour = behaviour;
        service.serve(probe);
        return service;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** From now on it answers in this way, and has been asked nothing. */
    public void behave(Behaviour newBehaviour) {
        behaviour = newBehaviour;
        calls.clear();
    }

    /** From now on connections are refused. */
    public synchronized void stop() {
        resume();
        if (running) {
            running = false;
            server.stop(0);
        }
    }

    /** Listens again, on the same port. */
    public synchronized void restart() {
        if (!running) {
            serve(bind(port));
        }
    }

    /** Listening, answering at once. */
    public void reset() {
        resume();
        restart();
    }

    /** From now on requests are taken and not answered, until {@link #resume}. */
    public void hang() {
        held = new CountDownLatch(1);
    }

    /** Answers what was held and everything after. */
    public void resume() {
        held.countDown();
    }

    public List<Call> calls() {
        return List.copyOf(calls);
    }

    public List<Call> calls(String path) {
        return calls.stream()
                .filter(call -> call.path().equals(path) || call.path().startsWith(path + "?"))
                .toList();
    }

    public Call lastCall() {
        return calls.getLast();
    }

    @Override
    public void close() {
        stop();
    }

    private void serve(HttpServer bound) {
        bound.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        bound.createContext("/", this::handle);
        bound.start();
        server = bound;
        running = true;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            headers.putAll(exchange.getRequestHeaders());
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Call call = new Call(
                    exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body);
            calls.add(call);
            held.await();
            Reply reply = behaviour.answer(call);
            reply.headers()
                    .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
            boolean noBody = reply.body().length == 0 || call.method().equals("HEAD") || reply.status() == 304;
            exchange.sendResponseHeaders(reply.status(), noBody ? -1 : reply.body().length);
            if (!noBody) {
                exchange.getResponseBody().write(reply.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpServer bind(int port) {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
