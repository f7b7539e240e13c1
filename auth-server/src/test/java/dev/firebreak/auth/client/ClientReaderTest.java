package dev.firebreak.auth.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.firebreak.contracts.event.EventType;
import dev.firebreak.trust.ClientKey;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

class ClientReaderTest {
    static final String KEY =
            JSONObjectUtils.toJSONString(ClientKey.generate("k1").publicJwk().toJSONObject());
    static final String GATEWAY = """
            id: gateway
            name: Browser gateway
            public: false
            grants: [authorization_code, refresh_token]
            redirect-uris: [http://localhost:8080/login/callback]
            scopes: [openid, "tasks:read"]
            internal: [trust, sessions]
            keys:
              - %s
            """.formatted(KEY);
    static final String CLI = """
            id: firebreak-cli
            name: Command line
            public: true
            grants: [authorization_code]
            redirect-uris: [http://127.0.0.1/callback]
            scopes: [openid]
            """;

    @Test
    void readsAConfidentialClient() {
        Client client = ClientReader.read(GATEWAY);

        assertThat(client.id()).isEqualTo("gateway");
        assertThat(client.confidential()).isTrue();
        assertThat(client.internal()).containsExactlyInAnyOrder(InternalCall.TRUST, InternalCall.SESSIONS);
        assertThat(client.keys()).containsOnlyKeys("k1");
        RegisteredClient registration = client.requireRegistration();
        assertThat(registration.getClientAuthenticationMethods())
                .containsExactly(ClientAuthenticationMethod.PRIVATE_KEY_JWT);
        assertThat(registration.getClientSecret()).isNull();
        assertThat(registration.getClientSettings().isRequireProofKey()).isTrue();
        assertThat(registration.getScopes()).isEqualTo(Set.of("openid", "tasks:read"));
    }

    @Test
    void readsAPublicClient() {
        Client client = ClientReader.read(CLI);

        assertThat(client.confidential()).isFalse();
        assertThat(client.keys()).isEmpty();
        assertThat(client.may(AuthorizationGrantType.AUTHORIZATION_CODE)).isTrue();
        assertThat(client.requireRegistration().getClientAuthenticationMethods())
                .containsExactly(ClientAuthenticationMethod.NONE);
    }

    @Test
    void readsAClientThatOnlyMakesInternalCalls() {
        Client client = ClientReader.read("id: ops\nname: Ops\ninternal: [ops]\nkeys: [" + KEY + "]\n");

        assertThat(client.registration()).isNull();
        assertThat(client.grants()).isEmpty();
    }

    @Test
    void readsWhatOfGoogleAClientMayHave() {
        String vault = "id: ops\nname: Ops\ninternal: [vault]\nkeys: [" + KEY + "]\n";

        Client client = ClientReader.read(vault + "google: [calendar, drive]\ngoogle-offline: [calendar]\n");

        assertThat(client.google()).containsExactlyInAnyOrder("calendar", "drive");
        assertThat(client.googleOffline()).containsExactly("calendar");
        assertThat(ClientReader.read(vault).google())
                .as("nothing unless it is named")
                .isEmpty();
        refused(vault + "google: [kalender]\n", "has unknown service 'kalender' at 'google'");
        refused(vault + "google: calendar\n", "needs a list at 'google'");
        refused(vault + "google_offline: [calendar]\n", "has unknown keys [google_offline]");
        refused(vault + "google: [drive]\ngoogle-offline: [calendar]\n", "that it has not at 'google'");
        refused(GATEWAY + "google: [calendar]\n", "has google without 'vault' at 'internal'");
    }

    @Test
    void namesWhatIsWrong() {
        refused("- a\n- b", "must hold a map");
        refused("id: [", "is not YAML");
        refused(GATEWAY + "scope: [x]\n", "unknown keys [scope]");
        refused(GATEWAY + "id: other\n", "is not YAML");
        refused(GATEWAY.replace("id: gateway", "id: Gate way"), "has an id");
        refused(GATEWAY.replace("name: Browser gateway", "name: 5"), "needs text at 'name'");
        refused(GATEWAY.replace("public: false", "public: 'no'"), "needs true or false at 'public'");
        refused(GATEWAY.replace("[openid, \"tasks:read\"]", "openid"), "needs a list at 'scopes'");
        refused(GATEWAY.replace("[openid, \"tasks:read\"]", "[1]"), "needs a list of texts at 'scopes'");
        refused(GATEWAY.replace("[openid, \"tasks:read\"]", "[\"task:read\"]"), "unknown scope 'task:read'");
        refused(GATEWAY.replace("[openid, \"tasks:read\"]", "[]"), "grants but no scopes");
        refused(GATEWAY.replace("authorization_code, ", ""), "has refresh_token without");
        refused(GATEWAY.replace("refresh_token]", "password]"), "unknown grant 'password'");
        refused(GATEWAY.replace("[trust, sessions]", "[vaults]"), "unknown internal call 'vaults'");
        refused(GATEWAY.replace("http://localhost:8080/login/callback", "/login/callback"), "no absolute http(s) URL");
        refused(GATEWAY.replace("[http://localhost:8080/login/callback]", "[]"), "needs redirect-uris exactly if");
    }

    @Test
    void keepsPublicAndConfidentialApart() {
        refused(GATEWAY.replace("public: false", "public: true"), "is public, so it");
        refused(CLI.replace("public: true", "public: false"), "needs 1 to 3 keys");
        refused(CLI.replace("[authorization_code]", "[authorization_code, client_credentials]"), "no credentials");
        refused(
                CLI.replace(
                        "[authorization_code]",
                        "[authorization_code, \"urn:ietf:params:oauth:grant-type:token-exchange\"]"),
                "anybody who finds a token");
        refused(CLI + "internal: [trust]\n", "cannot make internal calls");
        refused(CLI + "keys: [" + KEY + "]\n", "so it has no keys");
    }

    @Test
    void refusesKeysThatAreNotPublicP256() {
        refused(GATEWAY.replace(KEY, KEY.replace("\"k1\"", "\"\"")), "not P-256 with a kid");
        refused(GATEWAY.replace(KEY, "{kty: RSA}"), "is no JWK");
        refused(GATEWAY.replace(KEY, "{kty: EC, crv: P-256, kid: k, x: AA, y: AA, d: AA}"), "PRIVATE key");
        refused(GATEWAY + "  - " + KEY, "two keys with kid 'k1'");
        String three = "  - " + KEY.replace("k1", "k2") + "\n  - " + KEY.replace("k1", "k3") + "\n";
        assertThat(ClientReader.read(GATEWAY + three).keys()).hasSize(3);
        refused(GATEWAY + three + "  - " + KEY.replace("k1", "k4"), "needs 1 to 3 keys");
    }

    @Test
    void doesNotExpandAliasesIntoBillions() {
        refused("id: &a [x]\nname: [*a, *a]\n", "is not YAML");
    }

    private static void refused(String yaml, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientReader.read(yaml))
                .withMessageContaining(why);
    }

    @Test
    void whatItMaySeeOfTheEventsLetsItAskForThem() {
        Client client = ClientReader.read(GATEWAY + "events: [\"connection.*\", user.deleted]\n");

        assertThat(client.internal()).contains(InternalCall.EVENTS);
        assertThat(client.events())
                .containsExactlyInAnyOrder(
                        EventType.CONNECTION_CONNECTED,
                        EventType.CONNECTION_BROKEN,
                        EventType.CONNECTION_RECOVERED,
                        EventType.CONNECTION_DISCONNECTED,
                        EventType.USER_DELETED);
        assertThat(ClientReader.read(GATEWAY).internal()).doesNotContain(InternalCall.EVENTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"connection", "connection.", "*", ".*", "connection.b*", "connections.*", "Connection.*"})
    void anEventThatDoesNotExistIsAnError(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientReader.read(GATEWAY + "events: [\"%s\"]\n".formatted(pattern)))
                .withMessageContaining("names no type of event");
    }

    @Test
    void eventsWithoutAnyWouldSayNothingAndAPublicClientHasNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientReader.read(GATEWAY.replace("[trust, sessions]", "[trust, events]")))
                .withMessageContaining("at 'events'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientReader.read(CLI + "events: [user.deleted]\n"))
                .withMessageContaining("public");
    }
}
