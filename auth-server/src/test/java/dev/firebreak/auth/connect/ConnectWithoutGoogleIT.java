package dev.firebreak.auth.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestBrowser;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople.SignedIn;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;

class ConnectWithoutGoogleIT extends ServerIT {
    @Value("${local.server.port}")
    int port;

    @Test
    void saysThatThereIsNoClientAtGoogle() {
        SignedIn ada = people.signIn();
        TestBrowser browser = new TestBrowser(port);
        browser.setCookie("firebreak-sso", ada.cookie());

        Answer list = oauth.send(oauth.get(ConnectIT.API)
                .header("Authorization", "Bearer " + oauth.tokens(ada).text("access_token")));
        TestBrowser.Page begin = browser.get(ConnectIT.start("calendar"));

        assertThat(list.status()).isEqualTo(404);
        assertThat(list.text("code")).isEqualTo("connection.not_configured");
        assertThat(list.text("act")).isEqualTo("operator");
        assertThat(begin.status()).isEqualTo(404);
        assertThat(begin.body()).contains("connection.not_configured", "An operator of this system");
    }
}
