package dev.firebreak.starter.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.firebreak.starter.database.Endpoint.Server;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @Test
    void aUrlNamesServersDatabaseAndChosenParameters() {
        assertThat(Endpoint.of(
                        "jdbc:postgresql://db-1.example:5433,[::1]/my%20tasks?targetServerType=primary&currentSchema=a%26b",
                        null, null, null))
                .isEqualTo(new Endpoint(
                        List.of(new Server("db-1.example", 5433), new Server("[::1]", 5432)),
                        "my tasks",
                        Map.of("targetServerType", "primary", "currentSchema", "a&b")));
    }

    @Test
    void keysAndAUrlExcludeEachOther() {
        assertThat(Endpoint.of(null, "db", 5432, "tasks")).hasToString("tasks on db:5432");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.of("jdbc:postgresql://db/tasks", null, 5432, null))
                .withMessage(
                        "jdbc-url is set beside host, port or database: say where the database is in one way only");
    }

    @Test
    void namesTheKeyThatIsMissing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.of(null, null, null, null))
                .withMessageStartingWith("host is missing: say where the database is");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.of(null, " ", 5432, "tasks"))
                .withMessageStartingWith("host is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.of(null, "db", null, "tasks"))
                .withMessageStartingWith("port is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.of(null, "db", 5432, null))
                .withMessageStartingWith("database is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://u:hunter2@db/tasks",
                "jdbc:postgresql://u:hun/ter2@db/tasks",
                "jdbc:postgresql://u:hun?hunter2@db/tasks",
                "jdbc:postgresql://db/tasks?password=hunter2",
                "jdbc:postgresql://db/tasks?user=u&password=a&hunter2",
                "jdbc:postgresql://db/tasks?currentSchema=x&PassWord=hunter2",
                "jdbc:postgresql://db/tasks?sslpassword=hunter2"
            })
    void aUrlMustNotCarryAPasswordAndTheSentenceDoesNotRepeatIt(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.of(url, null, null, null))
                .withMessage("jdbc-url must not carry a password: put it into the file that password-file names");
    }

    @ParameterizedTest
    @CsvSource({
        "connectTimeout, it is fixed",
        "loginTimeout, it is fixed",
        "socketTimeout, it is fixed",
        "sockettimeout, it is fixed",
        "cancelSignalTimeout, it is fixed",
        "tcpKeepAlive, it is fixed",
        "prepareThreshold, it is fixed",
        "preparedStatementCacheQueries, it is fixed",
        "ApplicationName, it is fixed",
        "gssEncMode, it is fixed",
        "options, it is fixed",
        "sslmode, say it with the key sslmode",
        "ssl, say it with the key sslmode",
        "sslrootcert, say it with the key ssl-root-cert",
        "user, say it with the key user",
        "service, allowed are",
        "socketFactory, allowed are",
        "sslfactory, allowed are",
        "loggerFile, allowed are"
    })
    void parametersThatContradictOrAreNotOursToChooseAreRefusedByName(String name, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.of("jdbc:postgresql://db/tasks?" + name + "=1", null, null, null))
                .withMessageStartingWith("jdbc-url must not set " + name + ": " + why);
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:mysql://db/tasks, must look like",
        "postgresql://db/tasks, must look like",
        "jdbc:postgresql:tasks, must look like",
        "jdbc:postgresql://db, must look like",
        "jdbc:postgresql:///tasks, must look like",
        "jdbc:postgresql://db:x/tasks, must name each server",
        "jdbc:postgresql://db:70000/tasks, must name each server",
        "'jdbc:postgresql://db,,db2/tasks', must name each server",
        "jdbc:postgresql://db/tasks%zz, has a %",
        "jdbc:postgresql://db/tasks?currentSchema, must give currentSchema exactly one value",
        "jdbc:postgresql://db/tasks?currentSchema=a&currentSchema=b, must give currentSchema exactly one value",
        "jdbc:postgresql://db/tasks?we$ird=1, must not set a parameter of that name"
    })
    void whatTheDriverWouldTakeForADefaultIsRefused(String url, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.of(url, null, null, null))
                .withMessageStartingWith("jdbc-url " + sentence);
    }
}
