package dev.firebreak.cli;

import dev.firebreak.stack.ops.KeysClient;
import dev.firebreak.stack.ops.RevocationsClient;
import dev.firebreak.trust.retry.PatientHttp;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which authorization server an operator's command asks: the running local stack's, or by {@code --target} another one. Our
 * key is that of this checkout's {@code operator-cli} in both cases.
 */
record OpsTarget(Workspace workspace, @Nullable String target) {
    private static final Duration CONNECT = Duration.ofSeconds(2);

    KeysClient keys(BusyNotice busy) {
        if (target == null) {
            return workspace.runningStack().keys(busy);
        }
        return KeysClient.of(
                workspace.folder(), workspace.ports().publicOrigin(), address(target), http(busy), workspace.clock());
    }

    RevocationsClient revocations(BusyNotice busy) {
        if (target == null) {
            return workspace.runningStack().revocations(busy);
        }
        return RevocationsClient.of(
                workspace.folder(), workspace.ports().publicOrigin(), address(target), http(busy), workspace.clock());
    }

    private PatientHttp http(BusyNotice busy) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
        return PatientHttp.over(http, workspace.clock(), busy);
    }

    private static URI address(String target) {
        try {
            URI address = URI.create(target.replaceAll("/+$", ""));
            if (address.getHost() != null
                    && address.getRawPath().isEmpty()
                    && List.of("http", "https").contains(address.getScheme())) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Said below, as for any other address that is none.
        }
        throw new UsageException("--target " + target + ": not an address like http://127.0.0.1:9002");
    }
}
