package dev.firebreak.tasks;

import static dev.firebreak.tasks.Api.CATEGORIES;
import static dev.firebreak.tasks.Api.TASKS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

@ServiceIT
class ValidationIT {
    @Autowired
    Api api;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                      | /title       | is required
            {"title":null}                                          | /title       | is required
            {"title":""}                                            | /title       | must not be blank
            {"title":"  "}                                          | /title       | must not be blank
            {"title":"a\\nb"}                                       | /title       | must not hold control characters
            {"title":"a\\u0000b"}                                   | /title       | must not hold control characters
            {"title":"\\ud83d"}                                     | /title       | must not hold control characters
            {"title":5}                                             | /title       | has the wrong form
            {"title":["a"]}                                         | /title       | has the wrong form
            {"title":"a","notes":"\\u0000"}                         | /notes       | must not hold control characters
            {"title":"a","notes":7}                                 | /notes       | has the wrong form
            {"title":"a","due_date":"tomorrow"}                     | /due_date    | has the wrong form
            {"title":"a","due_date":"2027-02-29"}                   | /due_date    | has the wrong form
            {"title":"a","due_date":"2027-02-28T00:00:00Z"}         | /due_date    | has the wrong form
            {"title":"a","due_date":"+12027-02-28"}                 | /due_date    | must lie in the years 0001 to 9999
            {"title":"a","due_date":"0000-02-28"}                   | /due_date    | must lie in the years 0001 to 9999
            {"title":"a","due_date":20870}                          | /due_date    | has the wrong form
            {"title":"a","due_date":[2027,2,28]}                    | /due_date    | has the wrong form
            {"title":"a","category_id":"work"}                      | /category_id | has the wrong form
            {"title":"a","category_id":5}                           | /category_id | has the wrong form
            {"title":"a","completed_at":"2027-02-28T00:00:00Z"}     | /completed_at| is not a known member
            {"title":"a","owner_id":"x"}                            | /owner_id    | is not a known member
            {"title":"a","dueDate":"2027-02-28"}                    | /dueDate     | is not a known member
            """)
    void namesTheMemberThatBreaksARule(String body, String field, String message) {
        Api.Client alice = api.newUser();

        Api.Answer posted = alice.post(TASKS, body);

        assertThat(posted.status()).as(posted.text()).isEqualTo(400);
        assertThat(posted.code()).isEqualTo("request.invalid");
        assertThat(posted.body().at("/violations/0/field").asString()).isEqualTo(field);
        assertThat(posted.body().at("/violations/0/message").asString()).isEqualTo(message);
        assertThat(alice.get(TASKS).body().get("items")).isEmpty();
    }

    @Test
    void countsCharactersAsPeopleDo() {
        Api.Client alice = api.newUser();

        assertThat(alice.task("🥛".repeat(200)).status()).isEqualTo(201);
        assertThat(alice.task("🥛".repeat(201))
                        .body()
                        .at("/violations/0/message")
                        .asString())
                .isEqualTo("may hold at most 200 characters");
        assertThat(alice.post(TASKS, "{\"title\":\"a\",\"notes\":\"" + "n".repeat(10_000) + "\"}")
                        .status())
                .isEqualTo(201);
        assertThat(alice.post(TASKS, "{\"title\":\"a\",\"notes\":\"" + "n".repeat(10_001) + "\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void namesEveryBrokenRuleInOneAnswer() {
        Api.Answer answer =
                api.newUser().post(TASKS, "{\"title\":\" \",\"notes\":\"\\u0007\",\"due_date\":\"0000-01-01\"}");

        assertThat(answer.body().get("violations")).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"name":""}                         | /name
            {"colour":"#00ff00"}                | /name
            {"name":"a","colour":"green"}       | /colour
            {"name":"a","colour":"#00FF00"}     | /colour
            {"name":"a","rank":1}               | /rank
            """)
    void categoriesHaveRulesToo(String body, String field) {
        Api.Answer answer = api.newUser().post(CATEGORIES, body);

        assertThat(answer.code()).isEqualTo("request.invalid");
        assertThat(answer.body().at("/violations/0/field").asString()).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"title":null}              | /title
            {"title":""}                | /title
            {"version":7}               | /version
            {"completed_at":null}       | -
            {"due_date":"soon"}         | /due_date
            {"notes":{"a":1}}           | /notes
            []                          | ''
            "title"                     | ''
            null                        | ''
            """)
    void aPatchObeysTheSameRules(String patch, String field) {
        Api.Client alice = api.newUser();
        String path = alice.task("a").header("Location");

        Api.Answer answer = alice.patch(path, patch, "If-Match", "\"1\"");

        if (field.equals("-")) {
            // Removing what is not there changes nothing, known or not (RFC 7396, 2).
            assertThat(answer.etag()).isEqualTo("\"1\"");
        } else {
            assertThat(answer.status()).as(answer.text()).isEqualTo(400);
            assertThat(answer.body().at("/violations/0/field").asString("?")).isEqualTo(field);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"title\":", "not json", "{'title':'a'}", "''"})
    void saysThatABodyIsNoJson(String body) {
        Api.Answer answer = api.newUser().post(TASKS, body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("request.malformed");
        assertThat(answer.text()).doesNotContain("tools.jackson");
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit",
        "limit=201, limit",
        "limit=many, limit",
        "completed=maybe, completed",
        "category=work, category",
        "after=nonsense, after",
        "after=AA, after"
    })
    void namesTheParameterThatBreaksARule(String query, String field) {
        Api.Answer answer = api.newUser().get(TASKS + "?" + query);

        assertThat(answer.code()).isEqualTo("request.invalid");
        assertThat(answer.body().at("/violations/0/field").asString()).isEqualTo(field);
    }

    @Test
    void anIdThatIsNoneIsInvalid() {
        assertThat(api.newUser()
                        .get(TASKS + "/42")
                        .body()
                        .at("/violations/0/field")
                        .asString())
                .isEqualTo("id");
    }

    @Test
    void aConditionThatIsNoneIsMalformed() {
        Api.Client alice = api.newUser();
        String path = alice.task("a").header("Location");

        for (String condition : List.of("1", "\"1", "", "\"1\" \"2\"")) {
            assertThat(alice.delete(path, "If-Match", condition).code())
                    .as(condition)
                    .isEqualTo("request.malformed");
        }
    }

    @Test
    void saysWhatWouldBeAccepted() {
        Api.Client alice = api.newUser();
        String path = alice.task("a").header("Location");

        Api.Answer method = alice.send("PUT", TASKS, "{}", "Content-Type", "application/json");
        Api.Answer type = alice.send("POST", TASKS, "title=a", "Content-Type", "application/x-www-form-urlencoded");
        Api.Answer patchType = alice.send("PATCH", path, "{}", "Content-Type", "application/json", "If-Match", "\"1\"");
        Api.Answer accept = alice.get(TASKS, "Accept", "text/html");
        Api.Answer unknown = alice.get("/api/v1/nothing");

        assertThat(method.status()).isEqualTo(405);
        assertThat(method.code()).isEqualTo("request.method_not_allowed");
        assertThat(method.header("Allow").split(", ")).containsExactlyInAnyOrder("GET", "POST");
        assertThat(type.code()).isEqualTo("request.unsupported_media");
        assertThat(type.header("Accept")).isEqualTo("application/json");
        assertThat(patchType.header("Accept-Patch")).isEqualTo("application/merge-patch+json");
        assertThat(accept.code()).isEqualTo("request.not_acceptable");
        assertThat(accept.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.code()).isEqualTo("request.unknown_path");
    }

    @Test
    void readsNoBodyAboveTheLimit() {
        Api.Answer answer = api.newUser().post(TASKS, "{\"title\":\"" + "a".repeat(70_000) + "\"}");

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("request.too_large");
    }
}
