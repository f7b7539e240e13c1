package dev.firebreak.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import dev.firebreak.auth.Golden;
import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestOAuth.Answer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

class MetadataIT extends ServerIT {
    static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Test
    void saysWhatTheServerDoesAtBothPlaces() {
        Answer openId =
                oauth.send(oauth.get("/auth/.well-known/openid-configuration").header("Host-Of", "evil"));
        Answer oauth2 = oauth.send(oauth.get("/auth/.well-known/oauth-authorization-server"));

        Golden.assertSame("discovery.json", pretty(openId.raw().body()));
        assertThat(oauth2.raw().body()).isEqualTo(openId.raw().body());
        assertThat(openId.header("Cache-Control")).isEqualTo("max-age=3600, public");
        assertThat(unchanged("/auth/.well-known/openid-configuration", openId)).isEqualTo(304);
    }

    @Test
    void publishesPublicKeysOnly() throws Exception {
        Answer answer = oauth.send(oauth.get("/auth/oauth2/jwks"));

        ECKey key = JWKSet.parse(answer.raw().body()).getKeys().getFirst().toECKey();
        assertThat(key.isPrivate()).isFalse();
        assertThat(key.getKeyID()).isEqualTo(key.computeThumbprint().toString());
        Golden.assertSame(
                "jwks.json",
                pretty(answer.raw().body())
                        .replace(key.getKeyID(), "<kid>")
                        .replace(key.getX().toString(), "<x>")
                        .replace(key.getY().toString(), "<y>"));
        assertThat(answer.header("Cache-Control")).isEqualTo("max-age=300, public, stale-if-error=86400");
        assertThat(unchanged("/auth/oauth2/jwks", answer)).isEqualTo(304);
    }

    @Test
    void isServedWithoutAnySql() {
        statements.reset();

        oauth.send(oauth.get("/auth/.well-known/openid-configuration"));
        oauth.send(oauth.get("/auth/oauth2/jwks")
                .header("Cookie", "firebreak-sso=" + people.signIn().cookie()));

        assertThat(requestStatements()).noneMatch(sql -> sql.startsWith("SELECT"));
    }

    private int unchanged(String path, Answer before) {
        assertThat(before.header("ETag")).isNotEmpty();
        return oauth.send(oauth.get(path).header("If-None-Match", before.header("ETag")))
                .status();
    }

    private static String pretty(String json) {
        return JSON.writeValueAsString(JSON.readTree(json));
    }
}
