package dev.firebreak.system.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.trust.ClientAssertions;
import dev.firebreak.trust.ClientKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** How people and programs get in: the login form, the code flow with PKCE, client credentials. No back door. */
public final class Users {
    /** Public client of the command line; any loopback port will do (RFC 8252, 7.3), and nobody need listen. */
    private static final String CLI_REDIRECT = "http://127.0.0.1:7/callback";

    private static final String CLI_SCOPES = "openid profile email tasks:read tasks:write";
    private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final SystemStack stack;

    Users(SystemStack stack) {
        this.stack = stack;
    }

    /** Makes an account that no other test knows. */
    public Person create() {
        Person person = new Person("user-" + UUID.randomUUID() + "@example.com", "correct horse battery staple");
        String json = JsonMapper.shared()
                .writeValueAsString(Map.of(
                        "email",
                        person.email(),
                        "name",
                        "Test User",
                        "password",
                        person.password(),
                        "role",
                        "user",
                        "demo",
                        false));
        ops("POST", "/ops/users", json).expect(201);
        return person;
    }

    /** An operator's order on the internal face, by the command line's client key. */
    public Answer ops(String method, String path, String json) {
        return internal("operator-cli", method, path, json);
    }

    /** A call on the internal face as some client. */
    public Answer internal(String clientId, String method, String path, String json) {
        URI base = URI.create("http://127.0.0.1:" + stack.ports().authInternal());
        return new ApiClient(base, assertion(clientId)).send(method, "/auth/internal/v1" + path, json, Map.of());
    }

    /** A fresh client assertion (RFC 7523) by a client's key file. */
    public String assertion(String clientId) {
        ClientKey key = ClientKey.load(stack.clientKey(clientId));
        return new ClientAssertions(clientId, key, stack.issuer(), "system-test", stack.clock()).create();
    }

    /** A browser in which this person has signed in through the form. */
    public Browser signedIn(Person person) {
        Browser browser = stack.browser();
        signIn(browser, person);
        return browser;
    }

    /** Signs in and ends on the page that was asked for. */
    public void signIn(Browser browser, Person person) {
        Answer arrived = fillIn(browser, browser.navigate("/login?return_to=/"), person);
        assertThat(arrived.uri()).as(arrived::toString).isEqualTo(stack.origin().resolve("/"));
        arrived.expect(200);
        browser.fetch("GET", "/session", null).expect(200);
    }

    /** Fills in the login form that this page shows and sends it. */
    public Answer fillIn(Browser browser, Answer page, Person person) {
        HtmlForm form = HtmlForm.withField(page, "password")
                .with("username", person.email())
                .with("password", person.password());
        return browser.submit(form);
    }

    /** Tokens of the command line's flow: code with PKCE on a loopback redirect. */
    public Tokens tokens(Person person) {
        Browser browser = stack.browser();
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String verifier = BASE64.encodeToString(random);
        Map<String, String> request = new LinkedHashMap<>();
        request.put("response_type", "code");
        request.put("client_id", "firebreak-cli");
        request.put("redirect_uri", CLI_REDIRECT);
        request.put("scope", CLI_SCOPES);
        request.put("state", "s");
        request.put("code_challenge", BASE64.encodeToString(sha256(verifier)));
        request.put("code_challenge_method", "S256");
        Answer form = browser.navigate("/auth/oauth2/authorize?" + HtmlForm.encode(request));
        Answer end = fillIn(browser, form, person);
        URI callback = end.location();
        assertThat(callback).as(end::toString).isNotNull();
        assertThat(callback.toString()).startsWith(CLI_REDIRECT);
        Matcher code = CODE.matcher(callback.toString());
        assertThat(code.find()).as("code in the answer").isTrue();
        return exchange(Map.of(
                "grant_type",
                "authorization_code",
                "client_id",
                "firebreak-cli",
                "redirect_uri",
                CLI_REDIRECT,
                "code",
                code.group(1),
                "code_verifier",
                verifier));
    }

    /** Access token of a person, for {@code Authorization}. */
    public String bearer(Person person) {
        return tokens(person).access();
    }

    /** A service's own token (client credentials with private_key_jwt). */
    public Tokens clientCredentials(String clientId, String scopes) {
        return exchange(clientCredentialsForm(clientId, scopes));
    }

    /** What a service sends for it, with a fresh assertion. */
    public Map<String, String> clientCredentialsForm(String clientId, String scopes) {
        return Map.of(
                "grant_type",
                "client_credentials",
                "scope",
                scopes,
                "client_id",
                clientId,
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion",
                assertion(clientId));
    }

    /** The token endpoint, through the gateway as everybody else. */
    public Answer token(Map<String, String> form) {
        return Wire.send(
                "POST",
                stack.origin().resolve("/auth/oauth2/token"),
                Map.of("Content-Type", "application/x-www-form-urlencoded", "Accept", "application/json"),
                HtmlForm.encode(form));
    }

    private Tokens exchange(Map<String, String> form) {
        var json = token(form).expect(200).json();
        return new Tokens(
                json.path("access_token").asString(),
                json.path("refresh_token").asString(""),
                json.path("id_token").asString(""),
                Duration.ofSeconds(json.path("expires_in").asLong()));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the token endpoint gave; empty text where it gave none. */
    public record Tokens(String access, String refresh, String id, Duration expiresIn) {
        /** Claims of the access token, unverified: for looking at. */
        public Map<String, Object> claims() {
            byte[] payload = Base64.getUrlDecoder()
                    .decode(Arrays.asList(access.split("\\.")).get(1));
            return JsonMapper.shared().readerForMapOf(Object.class).readValue(payload);
        }

        /** Never a token. */
        @Override
        public String toString() {
            return "Tokens[" + expiresIn + "]";
        }
    }
}
