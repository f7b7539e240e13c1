package dev.firebreak.auth.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.auth.user.Passwords.Verdict;
import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.UserError;
import dev.firebreak.starter.Profile;
import dev.firebreak.starter.test.StatementCounter;
import dev.firebreak.starter.test.TestPostgres;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

class UsersIT {
    static final TestPostgres.Database DATABASE = TestPostgres.migrated();
    static final StatementCounter STATEMENTS = new StatementCounter();
    static final DataSource SOURCE =
            STATEMENTS.counting(new DriverManagerDataSource(DATABASE.url(), DATABASE.user(), "postgres"));
    static final JdbcClient JDBC = JdbcClient.create(SOURCE);
    static final TransactionTemplate TRANSACTION = new TransactionTemplate(new DataSourceTransactionManager(SOURCE));

    Instant now = Instant.parse("2026-11-23T09:00:00Z");
    final TestUsers test = new TestUsers(JDBC, () -> now);
    final Users users = test.users;
    final Passwords passwords = test.passwords;

    @BeforeEach
    void startWithoutUsers() {
        JDBC.sql("DELETE FROM user_account").update();
    }

    static NewUser user(String email) {
        return new NewUser(email, "Alice", TestUsers.PASSWORD, UserAccount.Role.USER, false);
    }

    @Test
    void keepsTheAddressAsTypedAndKnowsItHoweverTyped() {
        UserRow created = users.create(user("Alice@Example.com"));

        assertThat(created.account().email()).isEqualTo("Alice@Example.com");
        assertThat(created.createdAt()).isEqualTo(now);
        assertThat(users.findId(EmailKey.of("aLICE@example.COM")))
                .contains(created.account().id());
        assertRefused(UserError.EMAIL_TAKEN, () -> users.create(user("alice@EXAMPLE.com")));
    }

    @Test
    void tellsRightFromWrongAndAnUnknownUserFromNeither() {
        UserAccount alice = users.create(user("alice@example.com")).account();

        assertThat(passwords.check("ALICE@example.com", TestUsers.PASSWORD)).isEqualTo(new Verdict.Right(alice, 1));
        assertThat(passwords.check("alice@example.com", "wrong")).isEqualTo(new Verdict.Wrong());
        assertThat(passwords.check("nobody@example.com", TestUsers.PASSWORD)).isEqualTo(new Verdict.Wrong());
    }

    @Test
    void saysThatAnAccountIsDisabledOnlyToWhoKnowsItsPassword() {
        UserAccount alice = users.create(user("alice@example.com")).account();
        users.disable(alice.id());

        assertThat(passwords.check("alice@example.com", TestUsers.PASSWORD)).isInstanceOf(Verdict.Disabled.class);
        assertThat(passwords.check("alice@example.com", "wrong")).isEqualTo(new Verdict.Wrong());
    }

    @Test
    void aCheckIsOneStatementWhetherTheUserExistsOrNot() {
        users.create(user("alice@example.com"));
        STATEMENTS.reset();
        passwords.check("alice@example.com", TestUsers.PASSWORD);
        passwords.check("nobody@example.com", TestUsers.PASSWORD);

        assertThat(STATEMENTS.statements()).hasSize(2);
    }

    @Test
    void neitherHashesNorLooksUpWhatCannotBeAPassword() {
        users.create(user("alice@example.com"));
        STATEMENTS.reset();

        assertThat(passwords.check("alice@example.com", "x".repeat(1025))).isEqualTo(new Verdict.Wrong());
        assertThat(passwords.check("a".repeat(300) + "@example.com", "x")).isEqualTo(new Verdict.Wrong());
        assertThat(STATEMENTS.statements()).isEmpty();
    }

    @Test
    void oneLetterComposedInTwoWaysIsOnePassword() {
        users.create(new NewUser("alice@example.com", "Alice", "Käsebrot", UserAccount.Role.USER, false));

        assertThat(passwords.check("alice@example.com", "Ka\u0308sebrot")).isInstanceOf(Verdict.Right.class);
    }

    @Test
    void aHashOfAnotherCostIsRenewedAtTheNextRightPassword() {
        UserAccount alice = users.create(user("alice@example.com")).account();
        UUID id = alice.id();
        TestUsers dearer = new TestUsers(JDBC, () -> now, Profile.LOCAL, new Argon2id.Cost(128, 2, 1));

        dearer.passwords.check("alice@example.com", "wrong");
        assertThat(hash(id)).contains("m=64,");
        Verdict right = dearer.passwords.check("alice@example.com", TestUsers.PASSWORD);
        assertThat(hash(id)).contains("m=128,");
        assertThat(right).as("judged by the row as it is now").isEqualTo(new Verdict.Right(alice, 2));
        assertThat(passwords.check("alice@example.com", TestUsers.PASSWORD)).isInstanceOf(Verdict.Right.class);
    }

    @Test
    void pagesThroughAllUsersInTheOrderOfTheirAddresses() {
        List.of("c@x", "A@x", "b@x", "d@x").forEach(email -> users.create(user(email)));

        List<UserRow> first = users.pageAfter(new EmailKey(""), 3);
        List<UserRow> second = users.pageAfter(first.getLast().key(), 3);

        assertThat(first).extracting(row -> row.account().email()).containsExactly("A@x", "b@x", "c@x");
        assertThat(second).extracting(row -> row.account().email()).containsExactly("d@x");
    }

    @Test
    void ordersSayWhetherTheyChangedAnythingAndRefuseStrangers() {
        UUID id = users.create(user("alice@example.com")).account().id();

        assertThat(users.disable(id)).isTrue();
        assertThat(users.disable(id)).isFalse();
        assertThat(users.enable(id)).isTrue();
        assertThat(users.enable(id)).isFalse();
        assertThat(users.changeRole(id, UserAccount.Role.USER)).isFalse();
        assertRefused(UserError.NOT_FOUND, () -> users.disable(UUID.randomUUID()));
        assertRefused(UserError.NOT_FOUND, () -> users.enable(UUID.randomUUID()));
        assertRefused(UserError.NOT_FOUND, () -> users.changeRole(UUID.randomUUID(), UserAccount.Role.OPERATOR));
    }

    @Test
    void anOperatorWithoutAPasswordDoesNotReplaceTheLastOne() {
        UUID last = test.add(UserAccount.Role.OPERATOR).id();
        UUID waiting = test.add(UserAccount.Role.OPERATOR).id();
        JDBC.sql("UPDATE user_account SET password_hash = '' WHERE id = :id")
                .param("id", waiting)
                .update();

        assertRefused(UserError.LAST_OPERATOR, () -> users.disable(last));
        assertThat(users.disable(waiting)).isTrue();
    }

    @Test
    void theLastActiveOperatorStays() {
        UUID last = test.add(UserAccount.Role.OPERATOR).id();
        UUID disabled = test.add(UserAccount.Role.OPERATOR).id();
        users.disable(disabled);

        assertRefused(UserError.LAST_OPERATOR, () -> users.disable(last));
        assertRefused(UserError.LAST_OPERATOR, () -> users.changeRole(last, UserAccount.Role.USER));
        assertThat(users.find(last).orElseThrow().disabled()).isFalse();
        assertThat(users.changeRole(disabled, UserAccount.Role.USER)).isTrue();
    }

    @Test
    void twoOrdersAtOnceCannotTakeTheLastTwoOperatorsAway() throws Exception {
        try (ExecutorService callers = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 20; round++) {
                JDBC.sql("DELETE FROM user_account").update();
                UUID first = test.add(UserAccount.Role.OPERATOR).id();
                UUID second = test.add(UserAccount.Role.OPERATOR).id();
                CyclicBarrier together = new CyclicBarrier(2);
                List<CompletableFuture<Boolean>> orders = new ArrayList<>();
                orders.add(order(together, callers, () -> users.disable(first)));
                orders.add(order(together, callers, () -> users.changeRole(second, UserAccount.Role.USER)));

                long obeyed = orders.stream().filter(CompletableFuture::join).count();

                assertThat(obeyed).as("round %d", round).isEqualTo(1);
                assertThat(JDBC.sql("SELECT count(*) FROM user_account WHERE role = 'operator' AND disabled_at IS NULL")
                                .query(Long.class)
                                .single())
                        .isEqualTo(1);
            }
        }
    }

    static CompletableFuture<Boolean> order(CyclicBarrier together, ExecutorService on, Runnable order) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        together.await(10, TimeUnit.SECONDS);
                        TRANSACTION.executeWithoutResult(status -> order.run());
                        return true;
                    } catch (ServiceException e) {
                        assertThat(e.error()).isEqualTo(UserError.LAST_OPERATOR);
                        return false;
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                on);
    }

    @Test
    void demoAccountsExistOnADevelopersMachineOnly() {
        NewUser demo = new NewUser("demo@example.com", "Demo", "firebreak", UserAccount.Role.USER, true);
        TestUsers production = new TestUsers(JDBC, () -> now, Profile.PRODUCTION, Argon2idTest.CHEAP);
        DemoWatch watch = new DemoWatch(production.store);

        assertRefused(UserError.DEMO_REFUSED, () -> production.users.create(demo));
        watch.look();
        assertThat(watch.current()).isEmpty();

        users.create(demo);
        watch.look();
        assertThat(watch.current()).singleElement().satisfies(reason -> {
            assertThat(reason.code()).isEqualTo("demo.accounts");
            assertThat(reason.severity()).hasToString("DOWN");
        });
    }

    static void assertRefused(ErrorCode error, Runnable order) {
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(order::run)
                .satisfies(e -> assertThat(e.error()).isEqualTo(error));
    }

    static String hash(UUID id) {
        return JDBC.sql("SELECT password_hash FROM user_account WHERE id = :id")
                .param("id", id)
                .query(String.class)
                .single();
    }
}
