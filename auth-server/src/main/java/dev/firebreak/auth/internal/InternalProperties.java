package dev.firebreak.auth.internal;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.InetAddress;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where the internal face listens.
 *
 * @param port its own port; 0 = any free one, for tests
 * @param address one that only our own processes can reach
 */
@Validated
@ConfigurationProperties(prefix = "auth.internal", ignoreUnknownFields = false)
record InternalProperties(
        @DefaultValue("9002") @Min(0) @Max(65535) int port,
        @DefaultValue("127.0.0.1") InetAddress address) {}
