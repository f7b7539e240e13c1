package dev.firebreak.gateway.platform;

import dev.firebreak.contracts.token.Audiences;
import dev.firebreak.contracts.token.Lifetimes;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What every Firebreak process is told, under the same names. A missing or unknown key stops the start.
 *
 * @param profile {@code local} (one machine, plain http allowed) or {@code production}
 * @param run what this process is for; the gateway can only {@code serve}, and says so as everybody does
 * @param node stable name of this node, the {@code instance} of its client assertions
 * @param issuer the authorization server's issuer, fixed by configuration
 * @param publicOrigin origin that browsers see
 * @param client this process's client key
 * @param trust where trust data comes from
 * @param authn what is demanded of access tokens
 * @param deadline how long a request may take
 * @param overload how much is taken on at once
 */
@ConfigurationProperties(prefix = "firebreak", ignoreUnknownFields = false)
public record FirebreakProperties(
        Profile profile,
        String run,
        String node,
        URI issuer,
        URI publicOrigin,
        Client client,
        Trust trust,
        @DefaultValue Authn authn,
        @DefaultValue Deadline deadline,
        @DefaultValue Overload overload) {
    /** Where the process runs. */
    public enum Profile {
        LOCAL,
        PRODUCTION
    }

    /**
     * The key by which this process proves which client it is.
     *
     * @param keyFile private JWK, mode 0600
     */
    public record Client(String id, Path keyFile) {
        public Client {
            Misconfigured.required("firebreak.client.id", "the client id of this gateway", id);
            Misconfigured.required("firebreak.client.key-file", "the file with the gateway's private JWK", keyFile);
        }
    }

    /**
     * How the trust feed is read.
     *
     * @param stateFolder where the last good copy survives a restart
     * @param pollEvery time between two questions without news; the server holds each for as long, at most 2 s
     * @param hardCap age past which trust data is worth nothing
     */
    public record Trust(
            URI url,
            Path stateFolder,
            @DefaultValue("1s") Duration pollEvery,
            @DefaultValue("60m") Duration hardCap) {
        public Trust {
            Misconfigured.required("firebreak.trust.url", "the authorization server's trust feed", url);
            Misconfigured.required(
                    "firebreak.trust.state-folder", "a folder for the last good trust data", stateFolder);
            Misconfigured.unless(
                    pollEvery.isPositive() && hardCap.isPositive(),
                    "firebreak.trust.poll-every and firebreak.trust.hard-cap must be positive");
            // The authorization server forgets a verifier five minutes after this: then it must judge nothing any more.
            Misconfigured.unless(
                    hardCap.compareTo(Lifetimes.TRUST_HARD_CAP) <= 0, "firebreak.trust.hard-cap must be at most 60m");
        }
    }

    /**
     * Demands on access tokens.
     *
     * @param audience value that {@code aud} must contain; absent = public origin + {@code /api}
     */
    public record Authn(@Nullable String audience) {}

    /**
     * How long a request may take.
     *
     * @param defaultTimeout from its arrival to the first byte of the answer, everything included
     */
    public record Deadline(@DefaultValue("5s") Duration defaultTimeout) {
        public Deadline {
            Misconfigured.unless(defaultTimeout.isPositive(), "firebreak.deadline.default-timeout must be positive");
        }
    }

    /**
     * Bounds on work in hand.
     *
     * @param maxInFlight requests proxied at once; each costs about 20 KB here, and the services behind have stricter ones
     */
    public record Overload(@DefaultValue("2000") int maxInFlight) {
        public Overload {
            Misconfigured.unless(maxInFlight > 0, "firebreak.overload.max-in-flight must be positive");
        }
    }

    public FirebreakProperties {
        Misconfigured.required("firebreak.profile", "local or production", profile);
        Misconfigured.required("firebreak.run", "say serve", run);
        Misconfigured.unless(run.equals("serve"), "firebreak.run is " + run + " but the gateway can only serve");
        Misconfigured.required("firebreak.node", "a stable name of this node, such as gateway-1", node);
        Misconfigured.required("firebreak.issuer", "the authorization server's issuer URL", issuer);
        Misconfigured.required("firebreak.public-origin", "the origin that browsers see", publicOrigin);
        Misconfigured.required("firebreak.client", "the client id and key file of this gateway", client);
        Misconfigured.required("firebreak.trust", "the URL of the trust feed and a state folder", trust);
        Misconfigured.unless(
                profile == Profile.LOCAL || "https".equals(issuer.getScheme()),
                "firebreak.issuer must be https outside the local profile, not " + issuer);
    }

    /** The public origin, checked. */
    public PublicOrigin origin() {
        return PublicOrigin.of(publicOrigin, profile);
    }

    /** The audience that tokens for the operators' endpoints must name. */
    public String opsAudience() {
        return Audiences.ops(origin().value());
    }

    /** The audience that access tokens for the API must name. */
    public String apiAudience() {
        return authn.audience() == null ? Audiences.api(origin().value()) : authn.audience();
    }
}
