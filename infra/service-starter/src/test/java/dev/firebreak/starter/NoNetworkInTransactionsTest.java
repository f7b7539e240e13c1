package dev.firebreak.starter;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.firebreak.starter.test.NoNetworkInTransactions;
import java.io.IOException;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.web.client.RestClient;

/** The rule that the services' architecture tests lean on catches what it should. */
class NoNetworkInTransactionsTest {
    static class Direct {
        @Transactional
        String store(RestClient elsewhere) {
            return elsewhere.get().toString();
        }
    }

    static class Indirect {
        @Transactional
        void store() throws IOException {
            tell();
        }

        private void tell() throws IOException {
            InetAddress.getLoopbackAddress().isReachable(1);
        }
    }

    static class InALambda {
        void store(TransactionOperations transaction, RestClient elsewhere) {
            transaction.executeWithoutResult(status -> elsewhere.get());
        }
    }

    static class Clean {
        @Transactional
        void store(JdbcClient database) {
            database.sql("SELECT 1").query().listOfRows();
        }

        void tell(RestClient elsewhere) {
            elsewhere.get();
        }
    }

    @Test
    void findsACallOutOfATransactionHoweverFarAway() {
        for (Class<?> bad : new Class<?>[] {Direct.class, Indirect.class, InALambda.class}) {
            assertThatExceptionOfType(AssertionError.class)
                    .as(bad.getSimpleName())
                    .isThrownBy(() -> NoNetworkInTransactions.check(new ClassFileImporter().importClasses(bad)))
                    .withMessageContaining("reaches the network");
        }
    }

    @Test
    void letsDatabasesBeAskedInsideAndServicesOutside() {
        assertThatNoException()
                .isThrownBy(() -> NoNetworkInTransactions.check(new ClassFileImporter().importClasses(Clean.class)));
    }
}
