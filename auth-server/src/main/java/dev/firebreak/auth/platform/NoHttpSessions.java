package dev.firebreak.auth.platform;

import org.apache.catalina.session.StandardManager;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Makes an HttpSession impossible instead of only unwanted: whoever asks the container for one gets an exception. State
 * before sign-in is in a sealed cookie, state after it in the database, so that any node can serve any request.
 */
final class NoHttpSessions implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addContextCustomizers(context -> {
            StandardManager manager = new StandardManager();
            manager.setMaxActiveSessions(0);
            manager.setPathname(null);
            context.setManager(manager);
        });
    }
}
