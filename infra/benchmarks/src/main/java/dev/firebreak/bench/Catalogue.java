package dev.firebreak.bench;

import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.firebreak.auth.signing.SigningKeyBenchmark;
import dev.firebreak.bench.Comparison.Peer;
import dev.firebreak.starter.gate.FullGateBenchmark;
import dev.firebreak.starter.gate.GatePolicyBenchmark;
import dev.firebreak.starter.gate.HandOverBenchmark;
import dev.firebreak.starter.gate.PoolGateBenchmark;
import dev.firebreak.trust.TokenVerifierBenchmark;
import dev.firebreak.trust.TrustLookUpBenchmark;
import java.util.List;

/** Every figure there is, in the order in which they are reported. */
final class Catalogue {
    private static final String JAVA = System.getProperty("java.version");
    private static final String NIMBUS = nimbusVersion();

    private static final Subject ENTER = Subject.of(PoolGateBenchmark.class, "enterAndLeave");
    private static final Subject LOOK_UP = Subject.of(TrustLookUpBenchmark.class, "trustedKey");
    private static final Subject NEW_TOKEN = Subject.of(TokenVerifierBenchmark.class, "newToken");
    private static final Peer LIBRARY_LOOK_UP = new Peer(
            "Nimbus key selector",
            NIMBUS,
            Subject.of(TrustLookUpBenchmark.class, "nimbus").with("revocations", "0"));
    private static final Peer LIBRARY =
            new Peer("Nimbus processor", NIMBUS, Subject.of(TokenVerifierBenchmark.class, "nimbus"));

    private static final List<Comparison> ALL = List.of(
            new Comparison(
                    "gate.enter",
                    ENTER,
                    new Peer("JDK Semaphore", JAVA, Subject.of(PoolGateBenchmark.class, "semaphore"))),
            new Comparison(
                    "gate.enter_fair",
                    ENTER,
                    new Peer("JDK Semaphore, fair", JAVA, Subject.of(PoolGateBenchmark.class, "fairSemaphore"))),
            new Comparison(
                    "gate.refuse",
                    Subject.of(FullGateBenchmark.class, "refuse"),
                    new Peer("JDK Semaphore", JAVA, Subject.of(FullGateBenchmark.class, "semaphore"))),
            policy("next_idle", "nextAtAnIdleGate"),
            policy("next_saturated", "nextAtASaturatedGate"),
            policy("place_free", "placeInAnEmptyQueue"),
            policy("place_full", "placeInAFullQueue"),
            policy("place_taken_back", "placeTakenBack"),
            policy("newest_first", "isNewestFirst"),
            alone("gate.hand_over_in_turn", Subject.of(HandOverBenchmark.class, "inTurn")),
            alone("gate.hand_over_newest", Subject.of(HandOverBenchmark.class, "newestFirst")),
            alone("signing.active_key", Subject.of(SigningKeyBenchmark.class, "activeKey")),
            new Comparison("trust.look_up", LOOK_UP.with("revocations", "0"), LIBRARY_LOOK_UP),
            new Comparison("trust.look_up_100k", LOOK_UP.with("revocations", "100000"), LIBRARY_LOOK_UP),
            new Comparison("trust.verify_new", NEW_TOKEN, LIBRARY),
            new Comparison(
                    "trust.verify_new_native",
                    NEW_TOKEN,
                    new Peer(
                            "Nimbus, our crypto",
                            NIMBUS,
                            Subject.of(TokenVerifierBenchmark.class, "nimbusWithOurProvider"))),
            new Comparison("trust.verify_known", Subject.of(TokenVerifierBenchmark.class, "knownToken"), LIBRARY));

    private Catalogue() {}

    static List<Comparison> all() {
        return ALL;
    }

    private static Comparison policy(String name, String method) {
        return alone("gate." + name, Subject.of(GatePolicyBenchmark.class, method));
    }

    private static Comparison alone(String name, Subject subject) {
        return new Comparison(name, subject, null);
    }

    private static String nimbusVersion() {
        String version = DefaultJWTProcessor.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
