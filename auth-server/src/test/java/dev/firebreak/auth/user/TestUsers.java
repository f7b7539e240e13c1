package dev.firebreak.auth.user;

import dev.firebreak.starter.Profile;
import dev.firebreak.starter.ServiceIdentity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The user module on a real database with a cheap hash, for tests without a Spring context. */
public final class TestUsers {
    /** Password of every user made here. */
    public static final String PASSWORD = "password of a test";

    public final Users users;
    final Passwords passwords;
    final UserStore store;
    final PasswordHasher hasher;

    public TestUsers(JdbcClient jdbc, InstantSource clock) {
        this(jdbc, clock, Profile.LOCAL, Argon2idTest.CHEAP);
    }

    TestUsers(JdbcClient jdbc, InstantSource clock, Profile profile, Argon2id.Cost cost) {
        store = new UserStore(jdbc);
        PasswordProperties properties = new PasswordProperties(
                cost.memoryKib(), cost.iterations(), cost.lanes(), 2, 100, Duration.ofSeconds(10));
        hasher = PasswordHasher.of(properties, new SimpleMeterRegistry());
        passwords = new Passwords(store, hasher, clock);
        ServiceIdentity identity = new ServiceIdentity(
                profile, "test", URI.create("http://localhost:8080/auth"), URI.create("http://localhost:8080"));
        users = new Users(store, passwords, new DemoRule(identity), clock);
    }

    /** A user that no other test knows. */
    public UserAccount add() {
        return add(UserAccount.Role.USER);
    }

    UserAccount add(UserAccount.Role role) {
        return users.create(new NewUser(UUID.randomUUID() + "@example.com", "Test", PASSWORD, role, false))
                .account();
    }
}
