package dev.firebreak.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
    @ParameterizedTest
    @CsvSource({
        "/livez, HEALTH",
        "/readyz, HEALTH",
        "/, OWN",
        "/session, OWN",
        "/login, OWN",
        "/login/callback, OWN",
        "/logout, OWN",
        "/assets/app.js, OWN",
        "/errors/task.not_found, OWN",
        "/connections, PAGE",
        "/ops/keys, PAGE",
        "/api/v1/tasks, TASKS",
        "/api/v1/tasks/1/subtasks, TASKS",
        "/api/v1/categories, TASKS",
        "/api/v1/categories/1, TASKS",
        "/api/v1/account, AUTH_API",
        "/api/v1/account/sessions, AUTH_API",
        "/api/v1/connections, AUTH_API",
        "/api/v1/connections/1, AUTH_API",
        "/api/v1/ops/keys, OPS",
        "/api/v1/ops/keys/k1/revoke, OPS",
        "/api/v1/ops/users, OPS",
        "/api/v1/ops/trust, OPS",
        "/api/v1/ops/refresh-keys/rotate, OPS",
        "/auth/login, AUTH",
        "/auth/logout, AUTH",
        "/auth/register, AUTH",
        "/auth/reset/x, AUTH",
        "/auth/account, AUTH",
        "/auth/activate, AUTH",
        "/auth/oauth2/token, AUTH",
        "/auth/oauth2/authorize, AUTH",
        "/auth/connect/google, AUTH",
        "/auth/connect/google/callback, AUTH",
        "/auth/userinfo, AUTH",
        "/auth/webauthn/options, AUTH",
        "/auth/risc/events, AUTH",
        "/auth/assets/login.css, AUTH",
        "/auth/.well-known/something, AUTH",
        "/auth/oauth2/jwks, DISCOVERY",
        "/auth/.well-known/openid-configuration, DISCOVERY",
        "/auth/.well-known/oauth-authorization-server, DISCOVERY",
        "/.well-known/oauth-authorization-server/auth, DISCOVERY",
        "/.well-known/openid-configuration/auth, DISCOVERY"
    })
    void knowsTheAreaOfEveryPathOnTheList(String path, Area area) {
        assertThat(RouteTable.areaOf(path)).contains(area);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/auth",
                "/auth/",
                "/auth/internal/v1/trust",
                "/auth/internal",
                "/auth/api/v1/account",
                "/auth/livez",
                "/auth/actuator/health",
                "/auth/loginx",
                "/auth/oauth2x/token",
                "/actuator",
                "/actuator/prometheus",
                "/api",
                "/api/v1",
                "/api/v1/tasksx",
                "/api/v1/categoriesx",
                "/api/v1/ops",
                "/api/v1/ops/",
                "/api/v1/ops/keysx",
                "/api/v1/ops/pools/task-service",
                "/auth/api/v1/ops/keys",
                "/auth/internal/v1/ops/keys",
                "/api/v2/tasks",
                "/index.html",
                "/assets",
                "/login/other",
                "/session/x",
                "/ops",
                "/connections/",
                "/connections/x",
                "/ops/keys/",
                "/ops/keys/x",
                "/ops/trust",
                "/.well-known/openid-configuration",
                "/.well-known/security.txt"
            })
    void leadsNowhereElse(String path) {
        assertThat(RouteTable.areaOf(path)).isEmpty();
    }

    @Test
    void rewritesTheAuthorizationServersApiAndDiscovery() {
        assertThat(RouteTable.upstreamPath(Area.AUTH_API, "/api/v1/account/sessions"))
                .isEqualTo("/auth/api/v1/account/sessions");
        assertThat(RouteTable.upstreamPath(Area.OPS, "/api/v1/ops/keys")).isEqualTo("/auth/api/v1/ops/keys");
        assertThat(RouteTable.upstreamPath(Area.TASKS, "/api/v1/tasks")).isEqualTo("/api/v1/tasks");
        assertThat(RouteTable.discoveryPath("/.well-known/openid-configuration/auth"))
                .isEqualTo("/auth/.well-known/openid-configuration");
    }
}
