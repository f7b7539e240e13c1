package dev.firebreak.gateway;

import dev.firebreak.gateway.FakeService.Reply;
import dev.firebreak.gateway.session.Session;
import dev.firebreak.gateway.session.SessionCookie;
import dev.firebreak.trust.ClientKey;
import dev.firebreak.trust.TrustSource;
import dev.firebreak.trust.test.TestIssuer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;

/** A whole gateway on a free port, on a clock of the test's, between a fake authorization server and a fake task service. */
public final class TestGateway implements AutoCloseable {
    public static final String ORIGIN = "http://localhost:8080";
    public static final String COOKIE = "firebreak-8080";
    public static final String ISSUER = ORIGIN + "/auth";

    private static final byte[] SECRET = new byte[32];

    private final Path folder;
    private final TestClock clock = new TestClock();
    private final TestIssuer issuer = new TestIssuer(ISSUER, clock);
    private final FakeAuthServer auth = new FakeAuthServer(issuer, clock);
    private final FakeService tasks = FakeService.start(TestGateway::noTasks);
    private final ConfigurableApplicationContext context;

    private TestGateway(Map<String, String> settings, boolean followsFeed) {
        try {
            folder = Files.createTempDirectory("gateway-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ring("{\"id\":\"c1\",\"state\":\"sealing\",\"key\":\"" + key(1) + "\"}");
        ClientKey.generate("gateway-key").save(folder.resolve("gateway.jwk"));
        Map<String, Object> all = new LinkedHashMap<>(settings());
        all.putAll(settings);
        context = new SpringApplicationBuilder(GatewayApplication.class)
                .initializers(starting -> {
                    GenericApplicationContext beans = (GenericApplicationContext) starting;
                    beans.registerBean("testClock", InstantSource.class, () -> clock);
                    if (!followsFeed) {
                        beans.registerBean("testTrust", TrustSource.class, issuer::trust);
                    }
                    // Else the first gateway that stops would stop the threads of all others in this JVM.
                    beans.registerBean("testThreads", ReactorResourceFactory.class, TestGateway::ownThreads);
                })
                .properties(all)
                .run();
    }

    /** Starts one with the defaults. */
    public static TestGateway start() {
        return start(Map.of());
    }

    /** Starts one with other settings. */
    public static TestGateway start(Map<String, String> settings) {
        return new TestGateway(settings, false);
    }

    /** Starts one that asks the fake authorization server's trust feed, which the test must make answer. */
    public static TestGateway startWithFeed(Map<String, String> settings) {
        return new TestGateway(settings, true);
    }

    /** Writes the ring file, entries as JSON objects separated by commas. */
    public void ring(String entries) {
        try {
            Files.writeString(folder.resolve("cookie-ring.json"), "{\"keys\":[" + entries + "]}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A ring key, base64. */
    public static String key(int number) {
        byte[] secret = SECRET.clone();
        secret[0] = (byte) number;
        return Base64.getEncoder().encodeToString(secret);
    }

    public TestClock clock() {
        return clock;
    }

    public TestIssuer issuer() {
        return issuer;
    }

    public FakeAuthServer auth() {
        return auth;
    }

    public FakeService tasks() {
        return tasks;
    }

    public MeterRegistry metrics() {
        return context.getBean(MeterRegistry.class);
    }

    /** A bean of the gateway. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public URI url() {
        return URI.create("http://localhost:" + port());
    }

    public int port() {
        return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    public int managementPort() {
        return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.management.port"));
    }

    /** A client without cookies. */
    public Client client() {
        return new Client(url());
    }

    /** A browser with a session that began this moment. */
    public Client browser() {
        return browser(UUID.randomUUID().toString());
    }

    /** The same with this session id. */
    public Client browser(String sid) {
        return client().cookie(COOKIE, seal(session(sid)));
    }

    /** Somebody's session, with a token of this moment and a family at the authorization server. */
    public Session session(String sid) {
        return session(UUID.randomUUID().toString(), sid);
    }

    /** The same of this user. */
    public Session session(String sub, String sid) {
        return new Session(
                auth.accessToken(sub, sid),
                auth.newFamily(sub, sid),
                sid,
                "Alice Example",
                "alice@example.com",
                Set.of("user"),
                clock.instant().plus(Duration.ofDays(30)));
    }

    /** The value of its cookie. */
    public String seal(Session session) {
        return bean(SessionCookie.class).sealAtSignIn(session);
    }

    /** Undoes what a test did to the neighbours, and lets every limit and back-off pass; sessions of before are over. */
    public void reset() {
        auth.reset();
        tasks.reset();
        issuer.thaw();
        ring("{\"id\":\"c1\",\"state\":\"sealing\",\"key\":\"" + key(1) + "\"}");
        clock.advance(Duration.ofHours(2));
        // One good renewal ends whatever outage the gateway still remembers.
        Client browser = browser();
        clock.advance(Duration.ofMinutes(6));
        Eventually.holds(
                "the gateway heals",
                () -> "ok".equals(browser.get("/session").json().get("renewal")));
        auth.reset();
        tasks.behave(TestGateway::noTasks);
    }

    private static ReactorResourceFactory ownThreads() {
        ReactorResourceFactory threads = new ReactorResourceFactory();
        threads.setUseGlobalResources(false);
        return threads;
    }

    private static Reply noTasks(FakeService.Call call) {
        return Reply.json(200, "{\"items\":[]}");
    }

    @Override
    public void close() {
        context.close();
        auth.close();
        tasks.close();
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("server.port", "0");
        settings.put("server.address", "127.0.0.1");
        settings.put("management.server.port", "0");
        settings.put("management.server.address", "127.0.0.1");
        // Longer than anything takes on a busy machine: these tests are about what happens, not how fast.
        settings.put("gateway.renewal.brief-wait", "2s");
        settings.put("firebreak.profile", "local");
        settings.put("firebreak.run", "serve");
        settings.put("firebreak.node", "gateway-1");
        settings.put("firebreak.issuer", ISSUER);
        settings.put("firebreak.public-origin", ORIGIN);
        settings.put("firebreak.client.id", "gateway");
        settings.put("firebreak.client.key-file", folder.resolve("gateway.jwk").toString());
        settings.put("firebreak.trust.url", auth.internal().url() + "/auth/internal/v1/trust");
        settings.put("firebreak.trust.state-folder", folder.resolve("state").toString());
        settings.put("gateway.auth-upstream", auth.face().url().toString());
        settings.put("gateway.internal-upstream", auth.internal().url().toString());
        settings.put("gateway.tasks-upstream", tasks.url().toString());
        settings.put(
                "gateway.cookie-ring-file", folder.resolve("cookie-ring.json").toString());
        return settings;
    }
}
