package dev.firebreak.auth;

import dev.firebreak.auth.reset.BootstrapOperator;
import dev.firebreak.starter.run.FirebreakApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerAutoConfiguration;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerJwtAutoConfiguration;

/**
 * Starts the authorization server. Left out of Boot: a user of its own, and a signing key of each process's own, which two
 * nodes would not share.
 */
@SpringBootApplication(
        exclude = {
            UserDetailsServiceAutoConfiguration.class,
            OAuth2AuthorizationServerAutoConfiguration.class,
            OAuth2AuthorizationServerJwtAutoConfiguration.class
        })
public class AuthServerApplication {
    public static void main(String[] args) {
        FirebreakApplication.run(AuthServerApplication.class, args, new BootstrapOperator());
    }
}
