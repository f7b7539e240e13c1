package dev.firebreak.starter;

import dev.firebreak.contracts.token.Audiences;
import dev.firebreak.starter.database.Database;
import dev.firebreak.starter.database.Endpoint;
import dev.firebreak.starter.database.PasswordFile;
import dev.firebreak.starter.database.Pooler;
import dev.firebreak.starter.database.Sslmode;
import dev.firebreak.starter.database.Tls;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Every key under {@code firebreak.}, in one strict record: a misspelt or removed key stops the start. Public only because
 * the starter's own packages share it; a service takes {@link ServiceIdentity} instead.
 *
 * @param profile {@code local} allows what only a developer's machine may do and listens there alone; anything real is
 *     {@code production}
 * @param node stable name of this process, for instance {@code task-service-1}: metrics, logs, database sessions, and
 *     the {@code instance} of client assertions
 * @param issuer exact {@code iss} of access tokens, https outside the local profile; never taken from a request
 * @param publicOrigin scheme, host and port that browsers see, https outside the local profile
 * @param run what this process is for: {@code serve}, or the name of a run mode such as {@code migrate}
 * @param client this process's own client key; needed wherever trust is switched on
 * @param trust how trust data is read
 * @param tokens this process's own tokens, for calls to other services
 * @param vault users' Google tokens
 * @param authn bearer tokens under {@code /api/}
 * @param overload how many requests are worked on at once
 * @param deadline how long a request may take
 * @param request limits on what a request may hold
 * @param nestedConnections what becomes of a thread that asks for a connection while it holds one; in the local profile,
 *     and so in tests, {@code refuse}, else {@code count}
 * @param pools database connections, by pool name
 * @param capacity how many nodes share the database
 * @param migration the migration role's connection; read by {@code --firebreak.run=migrate} only
 */
@Validated
@ConfigurationProperties(prefix = "firebreak", ignoreUnknownFields = false)
public record FirebreakProperties(
        @NotNull(message = "is missing: say local or production")
        Profile profile,

        @NotBlank(message = "is missing: give this process a stable name such as task-service-1")
        @Pattern(
                regexp = "|[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?",
                message = "must be a lower-case host-like name of at most 63 characters")
        String node,

        @NotNull(message = "is missing: the issuer URL of the authorization server, exactly as in its tokens")
        URI issuer,

        @NotNull(message = "is missing: the origin that browsers see, for instance http://localhost:8080")
        URI publicOrigin,

        @NotBlank(message = "is missing: say serve, or a run mode such as migrate")
        String run,

        @Valid @Nullable Client client,
        @Valid @DefaultValue Trust trust,
        @Valid @DefaultValue Tokens tokens,
        @Valid @DefaultValue Vault vault,
        @Valid @DefaultValue Authn authn,
        @Valid @DefaultValue Overload overload,
        @Valid @DefaultValue DeadlineLimits deadline,
        @Valid @DefaultValue RequestLimits request,
        @Nullable NestedConnections nestedConnections,
        @DefaultValue Map<String, @Valid Pool> pools,
        @Valid @DefaultValue Capacity capacity,
        @Valid @Nullable Migration migration) {
    /** The run mode of a process that answers requests. */
    public static final String SERVE = "serve";

    public FirebreakProperties {
        // What is missing is told by the rules above, all of it at once.
        if (profile != null && issuer != null && publicOrigin != null) {
            PublicAddress.requireIssuer(profile, issuer);
            PublicAddress.requireOrigin(profile, publicOrigin);
        }
        pools = Map.copyOf(pools);
        if (profile != null) {
            Profile known = profile;
            pools.forEach((name, pool) -> checked("firebreak.pools." + name, () -> pool.target(known)));
            if (migration != null) {
                checked("firebreak.migration", () -> migration.target(known));
            }
        }
    }

    /** Audience that access tokens for this service must name. */
    public String audience() {
        return authn.audience() != null ? authn.audience() : Audiences.api(publicOrigin.toString());
    }

    /** Whether a second connection for the same thread is a bug that must show, rather than one that must not hurt. */
    public boolean refusesNestedConnections() {
        return nestedConnections == null ? profile == Profile.LOCAL : nestedConnections == NestedConnections.REFUSE;
    }

    /** What becomes of a thread that asks for a connection while it holds one. */
    public enum NestedConnections {
        /** An exception that names both pools. */
        REFUSE,
        /** Counted and logged; it gets one that is free and never waits. */
        COUNT
    }

    /** Sum of all pool sizes. */
    public int connections() {
        return pools.values().stream().mapToInt(Pool::size).sum();
    }

    /**
     * This process's client key.
     *
     * @param id client id, as registered at the authorization server
     * @param keyFile private JWK, readable by this process's user only
     */
    public record Client(
            @NotBlank(message = "is missing: the client id of this process")
            String id,

            @NotNull(message = "is missing: the file with this client's private JWK")
            Path keyFile) {}

    /**
     * The trust feed.
     *
     * @param enabled false only for the authorization server, which is the feed's source
     * @param url where the feed is read
     * @param stateFolder where the last good copy is kept, so that a restart during an outage still verifies
     * @param pollEvery time between two reads without news; the server holds each for as long, at most 2 s, and answers
     *     at once when there is news
     * @param readTimeout when one read is given up; longer than the time for which the server may hold an answer
     * @param hardCap trust data older than this judges nothing any more; at most an hour
     */
    public record Trust(
            @DefaultValue("true") boolean enabled,
            @Nullable URI url,
            @Nullable Path stateFolder,
            @DefaultValue("1s") Duration pollEvery,
            @DefaultValue("4s") Duration readTimeout,
            @DefaultValue("60m") Duration hardCap) {
        public Trust {
            require(pollEvery, Duration.ofMillis(100), Duration.ofSeconds(5), "firebreak.trust.poll-every");
            require(readTimeout, Duration.ofMillis(100), Duration.ofSeconds(10), "firebreak.trust.read-timeout");
            require(hardCap, Duration.ofSeconds(10), Duration.ofMinutes(60), "firebreak.trust.hard-cap");
        }
    }

    /**
     * Access tokens of this process's own client.
     *
     * @param url the token endpoint of the authorization server; normally below the issuer
     */
    public record Tokens(@Nullable URI url) {}

    /**
     * Google tokens of users.
     *
     * @param url the vault's token endpoint on the authorization server's internal face; without it there is none
     * @param cacheSize how many tokens are held, about 2 KB each
     */
    public record Vault(
            @Nullable URI url,
            @DefaultValue("10000") @Min(100) @Max(1_000_000) int cacheSize) {}

    /** The token endpoint, for a client's own tokens. */
    public URI tokenEndpoint() {
        return tokens.url() != null ? tokens.url() : URI.create(issuer + "/oauth2/token");
    }

    /**
     * Bearer tokens.
     *
     * @param enabled false switches the filter and the scope rule off, for a process that has its own security chain
     * @param audience value that {@code aud} must contain; normally derived from the public origin
     * @param cacheSize how many verified tokens are remembered, about 500 bytes each
     */
    public record Authn(
            @DefaultValue("true") boolean enabled,
            @Nullable String audience,
            @DefaultValue("50000") @Min(100) @Max(1_000_000) int cacheSize) {}

    /**
     * Admission.
     *
     * @param maxInFlight requests worked on at once; beyond it 503 at once. Normally 16 for each database connection:
     *     more would only wait for a connection longer than its callers do
     * @param exempt path prefixes that are never refused, for what must work under overload
     */
    public record Overload(
            @Nullable @Min(1) Integer maxInFlight,
            @DefaultValue List<String> exempt) {
        public Overload {
            exempt = List.copyOf(exempt);
        }
    }

    /**
     * Time of a request.
     *
     * @param defaultTimeout deadline of a request that names none
     * @param maxTimeout longest deadline a caller may ask for
     */
    public record DeadlineLimits(
            @DefaultValue("5s") Duration defaultTimeout,
            @DefaultValue("10s") Duration maxTimeout) {
        public DeadlineLimits {
            require(maxTimeout, Duration.ofMillis(10), Duration.ofMinutes(5), "firebreak.deadline.max-timeout");
            require(defaultTimeout, Duration.ofMillis(10), maxTimeout, "firebreak.deadline.default-timeout");
        }
    }

    /**
     * Size of a request.
     *
     * @param maxBody largest body that is read
     */
    public record RequestLimits(@DefaultValue("64KB") DataSize maxBody) {}

    /**
     * One connection pool. Where its database is, is said by host, port and database or by a JDBC URL.
     *
     * @param jdbcUrl servers, database and a few parameters of the driver; never a user or a password
     * @param host database server
     * @param port its port
     * @param database database name
     * @param user role without the right to change the schema
     * @param passwordFile file whose first line is the password
     * @param sslmode encryption; unsaid it is {@code disable} in the local profile and stops the start elsewhere
     * @param sslRootCert CA certificates, read for each new connection
     * @param pooler what stands between this process and PostgreSQL
     * @param size connections, always open: a pool that grows under load does so when the database can least afford it
     * @param maxWaiters threads that may wait for a connection; beyond it 503 at once. Normally 4 for each connection
     */
    public record Pool(
            @Nullable String jdbcUrl,
            @Nullable String host,
            @Nullable @Min(1) @Max(65535) Integer port,
            @Nullable String database,

            @NotBlank(message = "is missing: the role that this pool signs in as")
            String user,

            @NotNull(message = "is missing: the file whose first line is the role's password")
            Path passwordFile,

            @Nullable Sslmode sslmode,
            @Nullable Path sslRootCert,
            @DefaultValue("none") Pooler pooler,
            @DefaultValue("8") @Min(1) @Max(200) int size,
            @Nullable @Min(1) @Max(10_000) Integer maxWaiters) {
        private static final int WAITERS_PER_CONNECTION = 4;

        /** Threads that may wait. */
        public int waiters() {
            return maxWaiters != null ? maxWaiters : WAITERS_PER_CONNECTION * size;
        }

        /** @throws IllegalArgumentException with a sentence that begins with the key's last part */
        public Database target(Profile profile) {
            return new Database(
                    Endpoint.of(jdbcUrl, host, port, database),
                    user,
                    new PasswordFile(passwordFile),
                    Tls.of(sslmode, sslRootCert, unsaid(profile)),
                    pooler);
        }
    }

    /**
     * How many nodes share the database, for the sum of their connections.
     *
     * @param nodes that serve at the same time
     * @param surge further ones while a deployment replaces them
     */
    public record Capacity(
            @DefaultValue("1") @Min(1) @Max(1000) int nodes,
            @DefaultValue("1") @Min(0) @Max(1000) int surge) {}

    /**
     * The migration role's direct connection.
     *
     * @param host database server, not a connection pooler
     * @param port its port
     * @param database database name
     * @param user role that owns the schema
     * @param passwordFile file whose first line is the password
     * @param sslmode as for a pool
     * @param sslRootCert as for a pool
     */
    public record Migration(
            @NotBlank String host,
            @Min(1) @Max(65535) int port,
            @NotBlank String database,
            @NotBlank String user,
            @NotNull Path passwordFile,
            @Nullable Sslmode sslmode,
            @Nullable Path sslRootCert) {
        /** @throws IllegalArgumentException with a sentence that begins with the key's last part */
        public Database target(Profile profile) {
            return new Database(
                    Endpoint.of(null, host, port, database),
                    user,
                    new PasswordFile(passwordFile),
                    Tls.of(sslmode, sslRootCert, unsaid(profile)),
                    Pooler.NONE);
        }
    }

    /** Plain text only where nothing leaves the machine; elsewhere it must be chosen. */
    private static @Nullable Sslmode unsaid(Profile profile) {
        return profile == Profile.LOCAL ? Sslmode.DISABLE : null;
    }

    private static void checked(String prefix, Supplier<Database> database) {
        try {
            var unused = database.get();
        } catch (IllegalArgumentException e) {
            throw new Misconfigured(prefix + "." + e.getMessage());
        }
    }

    private static void require(Duration value, Duration least, Duration most, String key) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new Misconfigured(
                    "%s must lie between %d ms and %d ms".formatted(key, least.toMillis(), most.toMillis()));
        }
    }
}
