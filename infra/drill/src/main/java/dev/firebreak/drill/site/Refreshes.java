package dev.firebreak.drill.site;

import dev.firebreak.drill.load.Answer;
import dev.firebreak.drill.load.Generator;
import dev.firebreak.drill.load.HttpWire;
import dev.firebreak.drill.load.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Refresh grants of a public client, each family one after the other: what keeps everybody signed in. */
public final class Refreshes implements Generator.Target, AutoCloseable {
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
                refreshes.families.add(
                        new Family(PublicClient.signIn(stack, patient, email).refresh()));
            }
        }
        return refreshes;
    }

    @Override
    public Outcome fire(int index) throws IOException {
        Family family = families.get(Math.floorMod(index, families.size()));
        synchronized (family) {
            Answer answer = PublicClient.refresh(wire, family.token);
            Optional<PublicClient.Tokens> next = PublicClient.Tokens.of(answer);
            if (next.isPresent()) {
                family.token = next.get().refresh();
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
}
