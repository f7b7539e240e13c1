package dev.firebreak.auth.platform;

import dev.firebreak.contracts.token.Lifetimes;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The keys right under {@code auth.}; each feature has a record of its own below it. Unknown keys stop the start, see
 * {@link StrictKeys}.
 *
 * @param clientsFolder folder of the clients' files, {@code *.yaml}; reloaded on change
 * @param wrappingKeyFile file with the key-encryption keys, one a line: base64 of 32 random bytes; the first seals, the others
 *     only open; readable by this process's user only; reloaded on change
 * @param accessTokenTtl life of an access token; shorter only in tests and drills, never longer than the contract's
 */
@Validated
@ConfigurationProperties("auth")
public record AuthProperties(
        @NotNull(message = "is missing: the folder of the clients' files")
        Path clientsFolder,

        @NotNull(message = "is missing: the file with the key-encryption key")
        Path wrappingKeyFile,

        @DefaultValue("15m") Duration accessTokenTtl) {
    public AuthProperties {
        if (accessTokenTtl.compareTo(Duration.ofSeconds(1)) < 0
                || accessTokenTtl.compareTo(Lifetimes.ACCESS_TOKEN) > 0) {
            throw new IllegalArgumentException("auth.access-token-ttl must lie between 1s and 15m");
        }
    }
}
