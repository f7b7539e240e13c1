package dev.firebreak.drill.site;

import dev.firebreak.drill.load.Answer;
import dev.firebreak.drill.load.Generator;
import dev.firebreak.drill.load.HttpWire;
import dev.firebreak.drill.load.Outcome;
import dev.firebreak.drill.load.Request;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Refresh grants of a public client, each family one after the other: what keeps everybody signed in. */
public final class Refreshes implements Generator.Target, AutoCloseable {
    private static final String CLIENT = "firebreak-cli";
    /** Never listened on (RFC 8252, 7.3). */
    private static final String REDIRECT = "http://127.0.0.1:7/callback";

    private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");
    private static final Pattern REFRESH = Pattern.compile("\"refresh_token\"\\s*:\\s*\"([^\"]+)\"");

    private static final class Family {
        private String token;

        Family(String token) {
            this.token = token;
        }
    }

    private final HttpWire wire;
    private final List<Family> families = new ArrayList<>();

    private Refreshes(HttpWire wire) {
        this.wire = wire;
    }

    /** One family for each account that there is, by code and PKCE. */
    public static Refreshes prepare(DrillStack stack, Firebreak firebreak) throws IOException {
        Refreshes refreshes = new Refreshes(Firebreak.wireTo(stack));
        try (HttpWire patient = Firebreak.patientWireTo(stack)) {
            for (String email : firebreak.emails()) {
                refreshes.families.add(new Family(first(stack, patient, email)));
            }
        }
        return refreshes;
    }

    @Override
    public Outcome fire(int index) throws IOException {
        Family family = families.get(Math.floorMod(index, families.size()));
        synchronized (family) {
            Answer answer =
                    token(wire, "grant_type=refresh_token&client_id=" + CLIENT + "&refresh_token=" + family.token);
            Matcher next = REFRESH.matcher(answer.text());
            if (answer.isGood() && next.find()) {
                family.token = next.group(1);
                return Outcome.GOOD;
            }
            boolean busy = answer.status() == 503 || answer.status() == 429;
            if (busy) {
                return Outcome.SHED;
            }
            return answer.status() == 400 || answer.status() == 401 ? Outcome.WRONG_401 : Outcome.FAILED;
        }
    }

    @Override
    public void close() {
        wire.close();
    }

    private static String first(DrillStack stack, HttpWire wire, String email) throws IOException {
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
        Matcher refresh = REFRESH.matcher(tokens.text());
        if (!refresh.find()) {
            throw new IOException("no refresh token, but HTTP " + tokens.status());
        }
        return refresh.group(1);
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
