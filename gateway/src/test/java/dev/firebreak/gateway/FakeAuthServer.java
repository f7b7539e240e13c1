package dev.firebreak.gateway;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.contracts.token.Audiences;
import dev.firebreak.contracts.token.Claims;
import dev.firebreak.contracts.token.Scopes;
import dev.firebreak.contracts.token.TokenExchange;
import dev.firebreak.gateway.FakeService.Call;
import dev.firebreak.gateway.FakeService.Reply;
import dev.firebreak.trust.test.TestIssuer;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The authorization server as far as the gateway knows it: token endpoint with rotating families (the parent of the newest
 * token gets the newest again, anything older ends the family), public documents, and the internal face.
 */
public final class FakeAuthServer implements AutoCloseable {
    public static final String TOKEN = "/auth/oauth2/token";

    private final TestIssuer issuer;
    private final InstantSource clock;
    private final FakeService face;
    private final FakeService internal;
    private final Map<String, Family> families = new ConcurrentHashMap<>();
    private final Map<String, Code> codes = new ConcurrentHashMap<>();
    private volatile Consumer<JWTClaimsSet.Builder> idTokenChanges = claims -> {};

    private final Set<String> operators = ConcurrentHashMap.newKeySet();

    private record Family(String sub, String sid, int generation, boolean ended) {}

    private record Code(String sub, String sid, String nonce) {}

    public FakeAuthServer(TestIssuer issuer, InstantSource clock) {
        this.issuer = issuer;
        this.clock = clock;
        this.face = FakeService.start(this::answer);
        this.internal = FakeService.start(this::answerInternally);
    }

    /** Its public face. */
    public FakeService face() {
        return face;
    }

    /** Its internal face. */
    public FakeService internal() {
        return internal;
    }

    /** As after its start. */
    public void reset() {
        face.reset();
        internal.reset();
        face.behave(this::answer);
        internal.behave(this::answerInternally);
        idTokenChanges = claims -> {};
        operators.clear();
    }

    /** From now on this user is an operator. */
    public void makeOperator(String sub) {
        operators.add(sub);
    }

    /** From now on this user is none any more. */
    public void demote(String sub) {
        operators.remove(sub);
    }

    /** A token of the API for this user, with the role they have. */
    public String accessToken(String sub, String sid) {
        return issuer.accessToken(
                claims -> claims.subject(sub).claim(Claims.SID, sid).claim(Claims.ROLES, List.of(roleOf(sub))));
    }

    /** A token of this operator for the operators' endpoints. */
    public String opsToken(String sub, String sid) {
        return issuer.accessToken(claims -> claims.subject(sub)
                .audience(Audiences.ops(TestGateway.ORIGIN))
                .claim(Claims.SID, sid)
                .claim(Claims.SCOPE, String.join(" ", Scopes.OF_OPERATORS))
                .claim(Claims.ROLES, List.of("operator")));
    }

    private String roleOf(String sub) {
        return operators.contains(sub) ? "operator" : "user";
    }

    /** Begins a family and returns its first refresh token. */
    public String newFamily(String sub, String sid) {
        String id = UUID.randomUUID().toString();
        families.put(id, new Family(sub, sid, 0, false));
        return "rt1.m1." + id + ".0.mac";
    }

    /** Ends all families of a session, as by a sign-out elsewhere. */
    public void endFamilies(String sid) {
        families.replaceAll((id, family) ->
                family.sid().equals(sid) ? new Family(family.sub(), sid, family.generation(), true) : family);
    }

    /** A code as the browser would bring it back. */
    public String newCode(String sub, String sid, String nonce) {
        String code = UUID.randomUUID().toString();
        codes.put(code, new Code(sub, sid, nonce));
        return code;
    }

    /** Changes every ID token from now on. */
    public void changeIdTokens(Consumer<JWTClaimsSet.Builder> changes) {
        idTokenChanges = changes;
    }

    @Override
    public void close() {
        face.close();
        internal.close();
    }

    /** Its ordinary answer, for behaviours that change only some. */
    public Reply answer(Call call) throws Exception {
        return switch (call.path().split("\\?", 2)[0]) {
            case TOKEN -> token(call.form());
            case "/auth/.well-known/openid-configuration", "/auth/.well-known/oauth-authorization-server" ->
                Reply.json(200, "{\"issuer\":\"" + issuer.issuer() + "\"}");
            case "/auth/oauth2/jwks" ->
                Reply.json(200, "{\"keys\":[{\"kid\":\"from-the-server\"}]}")
                        .with("Cache-Control", "public, max-age=300");
            default -> Reply.of(200, "text/plain", "auth " + call.path());
        };
    }

    private Reply answerInternally(Call call) {
        return call.path().matches("/auth/internal/v1/sessions/[^/]+/end")
                ? Reply.json(200, "{\"ended\":true}")
                : Reply.json(404, "{}");
    }

    private Reply token(Map<String, String> form) throws Exception {
        SignedJWT assertion = SignedJWT.parse(form.get("client_assertion"));
        if (!"gateway".equals(assertion.getJWTClaimsSet().getSubject())) {
            return error(401, "invalid_client");
        }
        return switch (form.get("grant_type")) {
            case "refresh_token" -> refresh(form.get("refresh_token"));
            case TokenExchange.GRANT -> exchange(form);
            default -> redeem(form);
        };
    }

    private Reply exchange(Map<String, String> form) throws Exception {
        JWTClaimsSet subject = SignedJWT.parse(form.get("subject_token")).getJWTClaimsSet();
        if (!form.get("audience").equals(Audiences.ops(TestGateway.ORIGIN))
                || !form.get("subject_token_type").equals(TokenExchange.ACCESS_TOKEN)
                || !subject.getAudience().equals(List.of(issuer.audience()))) {
            return error(400, "invalid_target");
        }
        if (!operators.contains(subject.getSubject())) {
            return error(400, "access_denied");
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("access_token", opsToken(subject.getSubject(), subject.getStringClaim(Claims.SID)));
        answer.put("issued_token_type", TokenExchange.ACCESS_TOKEN);
        answer.put("token_type", "Bearer");
        return Reply.json(200, JSONObjectUtils.toJSONString(answer));
    }

    private Reply redeem(Map<String, String> form) {
        Code code = codes.remove(form.get("code"));
        if (code == null) {
            return error(400, "invalid_grant");
        }
        Map<String, Object> answer = tokens(code.sub(), code.sid(), newFamily(code.sub(), code.sid()));
        answer.put("id_token", idToken(code));
        return Reply.json(200, JSONObjectUtils.toJSONString(answer));
    }

    private Reply refresh(String refreshToken) {
        String[] parts = refreshToken.split("\\.", -1);
        int presented = Integer.parseInt(parts[3]);
        AtomicReference<Reply> reply = new AtomicReference<>(error(400, "invalid_grant"));
        families.computeIfPresent(parts[2], (id, family) -> {
            if (family.ended() || presented < family.generation() - 1) {
                return new Family(family.sub(), family.sid(), family.generation(), true);
            }
            int generation = presented + 1;
            String next = "rt1.m1." + id + "." + generation + ".mac";
            reply.set(Reply.json(200, JSONObjectUtils.toJSONString(tokens(family.sub(), family.sid(), next))));
            return new Family(family.sub(), family.sid(), generation, false);
        });
        return reply.get();
    }

    private Map<String, Object> tokens(String sub, String sid, String refreshToken) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("access_token", accessToken(sub, sid));
        answer.put("token_type", "Bearer");
        answer.put("expires_in", 900);
        answer.put("refresh_token", refreshToken);
        return answer;
    }

    private String idToken(Code code) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(JOSEObjectType.JWT)
                .keyID(issuer.header().build().getKeyID())
                .build();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(issuer.issuer())
                .audience(List.of("gateway"))
                .subject(code.sub())
                .claim("nonce", code.nonce())
                .claim("name", "Alice Example")
                .claim("email", "alice@example.com")
                .claim(Claims.SID, code.sid())
                .claim("iat", clock.instant().getEpochSecond())
                .claim("exp", clock.instant().plusSeconds(300).getEpochSecond());
        idTokenChanges.accept(claims);
        return issuer.sign(header, claims.build());
    }

    private static Reply error(int status, String error) {
        return Reply.json(status, "{\"error\":\"" + error + "\"}");
    }
}
