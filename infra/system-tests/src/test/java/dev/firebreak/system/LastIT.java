package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.system.harness.Browser;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.Users;
import dev.firebreak.system.harness.WithStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** What is left when everything has run: logs without secrets, and no process. After this class there is no stack. */
@WithStack
@Order(Integer.MAX_VALUE)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LastIT {
    /** What must not stand in any log, whoever wrote it. */
    private static final Map<String, Pattern> SECRETS = Map.of(
            "a JWT", Pattern.compile("eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}"),
            "a refresh token", Pattern.compile("rt1\\.[a-z0-9]+\\.[0-9a-f-]{20,}"),
            "a sealed cookie", Pattern.compile("v1\\.[A-Za-z0-9]+\\.[A-Za-z0-9_-]{40,}"),
            "a typed password", Pattern.compile("correct horse battery staple"),
            "a private key", Pattern.compile("\"d\"\\s*:\\s*\"[A-Za-z0-9_-]{40,}"));

    private final SystemStack stack;

    LastIT(SystemStack stack) {
        this.stack = stack;
    }

    @Test
    @Order(1)
    void noLogHoldsASecret() throws IOException {
        Person person = stack.users().create();
        Browser browser = stack.users().signedIn(person);
        Users.Tokens tokens = stack.users().tokens(person);
        Tasks.of(browser).list().expect(200);
        stack.api(tokens.access() + "x").get(Tasks.PATH).expect(401);
        stack.api(null).get(Tasks.PATH + "?access_token=" + tokens.access()).expect(401);
        Map<String, String> found = new LinkedHashMap<>();

        try (Stream<Path> logs = Files.list(stack.log(Part.GATEWAY).getParent())) {
            for (Path log : logs.toList()) {
                String text = Files.readString(log);
                SECRETS.forEach((what, pattern) -> {
                    var match = pattern.matcher(text);
                    if (match.find()) {
                        found.put(log.getFileName() + " holds " + what, excerpt(text, match.start()));
                    }
                });
                for (String role : new String[] {"auth_app", "auth_migrator", "tasks_app", "tasks_migrator"}) {
                    if (text.contains(Files.readString(stack.password(role)).strip())) {
                        found.put(log.getFileName() + " holds the password of", role);
                    }
                }
            }
        }

        assertThat(found).isEmpty();
    }

    @Test
    @Order(2)
    @Timeout(60)
    void theEndLeavesNoProcess() {
        stack.down();

        assertThat(stack.leftovers()).isEmpty();
    }

    /** Where it stands, without the secret itself. */
    private static String excerpt(String text, int at) {
        return text.substring(Math.max(0, text.lastIndexOf('\n', at) + 1), at);
    }
}
