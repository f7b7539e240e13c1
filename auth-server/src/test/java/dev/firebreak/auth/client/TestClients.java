package dev.firebreak.auth.client;

import dev.firebreak.auth.TestDeployment;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;

/** Clients and their judge, from a deployment's files. */
public final class TestClients {
    private TestClients() {}

    public static Clients of(TestDeployment deployment) {
        return new Clients(new ClientFolder(deployment.clientsFolder()), new SimpleMeterRegistry());
    }

    public static Client find(TestDeployment deployment, String id) {
        return of(deployment).find(id).orElseThrow();
    }

    static AssertionVerifier verifier(TestDeployment deployment, InstantSource clock) {
        return new AssertionVerifier(of(deployment), 1000, clock, new SimpleMeterRegistry());
    }
}
