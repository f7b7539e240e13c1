package dev.firebreak.drill.site;

import dev.firebreak.drill.load.Answer;
import dev.firebreak.drill.load.Generator;
import dev.firebreak.drill.load.HttpWire;
import dev.firebreak.drill.load.Outcome;
import dev.firebreak.drill.load.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** People who press the button of a sign-in form, with the right password: each press costs the server one hash. */
public final class Logins implements Generator.Target, AutoCloseable {
    private final HttpWire wire;
    private final List<Request> forms = new ArrayList<>();

    private Logins(HttpWire wire) {
        this.wire = wire;
    }

    /** Opens the form for each account that there is. Forms stay good for ten minutes (contracts, "Tokens"). */
    public static Logins prepare(DrillStack stack, Firebreak firebreak) throws IOException {
        Logins logins = new Logins(Firebreak.wireTo(stack));
        try (HttpWire patient = Firebreak.patientWireTo(stack)) {
            for (String email : firebreak.emails()) {
                SignIn browser = new SignIn(patient, stack.origin());
                logins.forms.add(browser.request(browser.fill(email, Firebreak.PASSWORD)));
            }
        }
        return logins;
    }

    @Override
    public Outcome fire(int index) throws IOException {
        // The answer's cookies are forgotten: the same form is sent again, as by somebody who is impatient.
        Answer answer = wire.send(forms.get(Math.floorMod(index, forms.size())));
        if (answer.isRedirect()) {
            return Outcome.GOOD;
        }
        boolean busy = answer.status() == 503 || answer.status() == 429;
        if (busy && answer.header("retry-after").isPresent()) {
            return Outcome.SHED;
        }
        // The password is right: whoever says otherwise is wrong.
        return answer.status() == 401 || answer.status() == 403 ? Outcome.WRONG_401 : Outcome.FAILED;
    }

    @Override
    public void close() {
        wire.close();
    }
}
