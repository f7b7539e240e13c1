package dev.firebreak.drill.site;

import dev.firebreak.drill.load.Answer;
import dev.firebreak.drill.load.HttpWire;
import dev.firebreak.drill.load.Request;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command line's client, by which programs get and renew the tokens of a person: code, PKCE, refresh tokens. */
final class PublicClient {
    private static final String CLIENT = "firebreak-cli";
    /** Never listened on (RFC 8252, 7.3). */
    private static final String REDIRECT = "http://127.0.0.1:7/callback";

    private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");
    private static final Pattern ACCESS = Pattern.compile("\"access_token\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern REFRESH = Pattern.compile("\"refresh_token\"\\s*:\\s*\"([^\"]+)\"");

    private PublicClient() {}

    /** What a grant is answered with. */
    record Tokens(BearerToken access, String refresh) {
        /** Empty when the grant was refused. */
        static Optional<Tokens> of(Answer answer) {
            Matcher access = ACCESS.matcher(answer.text());
            Matcher refresh = REFRESH.matcher(answer.text());
            return answer.isGood() && access.find() && refresh.find()
                    ? Optional.of(new Tokens(new BearerToken(access.group(1)), refresh.group(1)))
                    : Optional.empty();
        }

        /** Never the refresh token. */
        @Override
        public String toString() {
            return access.toString();
        }
    }

    /** Begins a family, by the sign-in form. */
    static Tokens signIn(DrillStack stack, HttpWire wire, String email) throws IOException {
        String verifier = UUID.randomUUID().toString() + UUID.randomUUID();
        String authorize = "/auth/oauth2/authorize?response_type=code&client_id=" + CLIENT + "&redirect_uri="
                + encode(REDIRECT) + "&scope=" + encode("openid tasks:read") + "&state=s&code_challenge="
                + challenge(verifier) + "&code_challenge_method=S256";
        String answer = new SignIn(wire, stack.origin()).answerOf(authorize, email, Firebreak.PASSWORD);
        Matcher code = CODE.matcher(answer);
        if (!code.find()) {
            throw new IOException("an authorization request was answered without a code");
        }
        Answer tokens = token(
                wire,
                "grant_type=authorization_code&client_id=" + CLIENT + "&redirect_uri=" + encode(REDIRECT) + "&code="
                        + code.group(1) + "&code_verifier=" + verifier);
        return Tokens.of(tokens).orElseThrow(() -> new IOException("no tokens, but HTTP " + tokens.status()));
    }

    static Answer refresh(HttpWire wire, String refreshToken) throws IOException {
        return token(wire, "grant_type=refresh_token&client_id=" + CLIENT + "&refresh_token=" + refreshToken);
    }

    private static Answer token(HttpWire wire, String form) throws IOException {
        return wire.send(Request.post("/auth/oauth2/token", "application/x-www-form-urlencoded", form)
                .with("Accept", "application/json"));
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
