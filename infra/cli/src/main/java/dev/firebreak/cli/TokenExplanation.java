package dev.firebreak.cli;

import dev.firebreak.contracts.token.Audiences;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a token says, how long it lasts, what it opens and how a refusal looks. The token itself is not shown. */
record TokenExplanation(String token, String command, String origin, Instant now) {
    private static final JsonMapper JSON = new JsonMapper();

    /** Seconds since the epoch, which nobody reads. */
    private static final Set<String> TIMES = Set.of("iat", "exp", "nbf", "auth_time");

    void print(Screen screen) {
        String[] parts = token.split("\\.");
        JsonNode header = decode(parts[0]);
        JsonNode claims = decode(parts[1]);
        screen.line(screen.bold("Header") + "  (signed, not encrypted: anybody who has it can read it)");
        members(screen, header);
        screen.line("");
        screen.line(screen.bold("Claims"));
        members(screen, claims);
        screen.line("");
        screen.line(screen.bold("Expiry") + "  " + clock(claims.path("exp").asLong(0)));
        screen.line("");
        screen.line(screen.bold("Try it"));
        screen.line("  curl -i -H \"Authorization: Bearer $(" + command + ")\" \\");
        screen.line("    " + origin + "/api/v1/tasks");
        screen.line("");
        screen.line(screen.bold("A wrong audience"));
        screen.line("  The API takes tokens whose aud is " + Audiences.api(origin) + ".");
        screen.line("  With any other, for instance " + Audiences.ops(origin) + ", it answers");
        screen.line("    HTTP/1.1 401");
        screen.line("    WWW-Authenticate: Bearer error=\"invalid_token\"");
        screen.line("    {\"type\":\"/errors/auth.token_invalid\",\"code\":\"auth.token_invalid\",…}");
        if (!audiences(claims).contains(Audiences.api(origin))) {
            screen.line("  " + screen.red("This token is such a one."));
        }
    }

    private static void members(Screen screen, JsonNode object) {
        for (var member : object.properties()) {
            JsonNode value = member.getValue();
            String shown = value.isString() ? value.asString() : value.toString();
            if (TIMES.contains(member.getKey())) {
                shown += "  " + Instant.ofEpochSecond(value.asLong());
            }
            screen.line("  %-10s %s".formatted(member.getKey(), shown));
        }
    }

    private String clock(long expiry) {
        Duration left = Duration.between(now, Instant.ofEpochSecond(expiry));
        return left.isNegative()
                ? "ended " + left.negated().toSeconds() + " s ago"
                : "in %d min %02d s, at %s"
                        .formatted(left.toMinutes(), left.toSecondsPart(), Instant.ofEpochSecond(expiry));
    }

    private static List<String> audiences(JsonNode claims) {
        List<String> audiences = new ArrayList<>();
        JsonNode audience = claims.path("aud");
        if (audience.isArray()) {
            audience.forEach(one -> audiences.add(one.asString("")));
        } else {
            audiences.add(audience.asString(""));
        }
        return audiences;
    }

    private static JsonNode decode(String part) {
        return JSON.readTree(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "TokenExplanation[***]";
    }
}
