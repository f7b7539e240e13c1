package dev.firebreak.auth.signing;

import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.sealing.FileKeyWrapper;
import dev.firebreak.auth.trust.EffectWatch;
import dev.firebreak.auth.trust.RevocationNews;
import dev.firebreak.auth.trust.RevocationsOnPool;
import dev.firebreak.auth.trust.Verifier;
import dev.firebreak.auth.trust.Verifiers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One node's signing module on a database, without its loops: a test is the loop. */
final class TestNode {
    final SigningKeys keys;
    final KeyRotation rotation;
    final KeyOrders orders;
    final KeyMoves moves;
    final Journal journal;
    final InstantSource clock;

    TestNode(
            String name,
            DataSource database,
            TestDeployment deployment,
            KeyPolicy policy,
            Verifiers verifiers,
            InstantSource clock) {
        this.clock = clock;
        JdbcClient jdbc = JdbcClient.create(database);
        KeyVault vault = new KeyVault(FileKeyWrapper.load(deployment.wrappingKeyFile()));
        SigningKeyRepository repository = new SigningKeyRepository(jdbc);
        journal = new Journal(jdbc, clock);
        moves = new KeyMoves(
                new TransactionTemplate(new DataSourceTransactionManager(database)),
                repository,
                journal,
                RevocationsOnPool.of(jdbc, clock, new RevocationNews()),
                vault,
                policy);
        rotation = new KeyRotation(moves, verifiers, policy, name, clock);
        keys = new SigningKeys(repository::findLiving, vault, rotation::makeFirst, rotation::jwksMaxAge, clock);
        orders = new KeyOrders(moves, keys, verifiers, new EffectWatch(verifiers, 8, clock), policy, clock);
    }

    /** The policy that the configuration gives by default. */
    static KeyPolicy policy(KeyPolicy.Freeze... freezes) {
        return new KeyPolicy(
                SigningAlgorithm.ES256,
                Duration.ofDays(30),
                Duration.ofHours(24),
                Duration.ofMinutes(5),
                Duration.ofDays(90),
                Duration.ofMinutes(15),
                Duration.ofMinutes(15),
                List.of(freezes));
    }

    /** Verifiers as a test sets them. */
    static final class FakeVerifiers implements Verifiers {
        volatile List<Verifier> live = List.of();

        @Override
        public List<Verifier> live() {
            return live;
        }

        volatile boolean known = true;

        @Override
        public boolean isKnown() {
            return known;
        }

        @Override
        public void exchangeSoon() {
            // Nothing to read: the test writes it.
        }
    }
}
