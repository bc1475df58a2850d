/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.Fault;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The status page in a real browser. */
class StatusPageBrowserTest extends StatusCase {

    private static final File CHROMIUM = new File("/usr/bin/chromium");
    private static final File CHROMEDRIVER = new File("/usr/bin/chromedriver");
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    /** A status with texts that are HTML, shown twice. Names of batches have no such letters. */
    private static final String HOSTILE =
            """
            const text = '<img src=x onerror=alert(1)>&amp;';
            const state = {
                target: text, notStarted: text, stopping: text, lastFailure: text, outcomes: [],
                settledInTheLastMinute: 0, asOf: '2026-01-01T00:00:00Z',
                checks: [{ name: text, state: 'DOWN', message: text }],
                countedAt: '2025-12-31T23:59:00Z',
                batches: [{ name: text, kind: 'FILE', state: 'OPEN', since: '2026-01-01T00:00:00Z',
                    received: 2, total: 2, open: 0, outcomes: [{ name: text, count: 1, tone: 'done' }] }]
            };
            show(state);
            const name = document.querySelector('#batches h3');
            const bar = document.querySelector('#batches progress');
            const one = bar.value;
            state.batches[0].outcomes[0].count = 2;
            show(state);
            return [document.querySelectorAll('img').length,
                name.textContent === text && document.getElementById('note').textContent.includes(text),
                document.querySelector('#batches h3').firstChild === name.firstChild,
                document.querySelector('#batches progress') === bar && one === 1 && bar.value === 2,
                !document.getElementById('counted').hidden];
            """;

    @TempDir
    static Path profile;

    private static ChromeDriver browser;

    @BeforeAll
    static void startBrowser() {
        if (!CHROMIUM.exists() && !CHROMEDRIVER.exists()) {
            String reason = "SKIPPED: the status page in a browser, since neither " + CHROMIUM + " nor " + CHROMEDRIVER
                    + " is there";
            System.out.println(reason);
            Assumptions.abort(reason);
        }
        // It warns that it has no typed commands for this browser's version; none is used here.
        SELENIUM.setLevel(Level.SEVERE);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking");
        options.addArguments("--no-first-run", "--disable-component-update", "--user-data-dir=" + profile);
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(CHROMEDRIVER)
                        .usingAnyFreePort()
                        .build(),
                options);
        browser.get("about:blank");
        browser.manage().logs().get(LogType.PERFORMANCE);
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.quit();
        }
    }

    private static Object script(String script) {
        return browser.executeScript(script);
    }

    private static String text(String id) {
        return String.valueOf(script("return document.getElementById('" + id + "').innerText"));
    }

    private static boolean shows(String id, String text) {
        return text(id).contains(text);
    }

    private static void screen(int width, String scheme) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 600));
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", Collections.singletonList(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    @Test
    void showsWhatHappensWithoutAReloadOnAnyScreen() throws Exception {
        String page;
        int port;
        try (BatchProcess process = run("first", Map.of("batch.management-port", "0"))) {
            page = page(process);
            port = URI.create(page).getPort();
            browser.get(page);
            BatchProcess.await(() -> shows("batches", "night-") && shows("outcomes", "CLOSED"), SOON);
            assertThat(text("target")).contains(ksher.appId());
            assertThat(text("checks")).contains("Journal", "Ksher").doesNotContain("down");
            assertThat(text("batches")).contains("settled of 200 rows", "from a file");

            for (int width : new int[] {390, 1280}) {
                for (String scheme : List.of("light", "dark")) {
                    screen(width, scheme);
                    assertThat(script("return document.documentElement.scrollWidth"
                                    + " - document.documentElement.clientWidth"))
                            .as(width + " " + scheme)
                            .isEqualTo(0L);
                    assertThat(script("return getComputedStyle(document.body).backgroundColor"))
                            .isEqualTo(scheme.equals("light") ? "rgb(244, 245, 247)" : "rgb(18, 22, 28)");
                    assertThat(
                                    script(
                                            """
                            const right = e => e.getBoundingClientRect().right;
                            return [...document.querySelectorAll('main *')]
                                .filter(e => right(e) > document.documentElement.clientWidth + 1).length;"""))
                            .as("nothing sticks out at " + width)
                            .isEqualTo(0L);
                }
            }

            assertThat(script(HOSTILE)).isEqualTo(List.of(0L, true, true, true, true));
            String before = text("batches");
            BatchProcess.await(() -> !text("batches").equals(before), SOON);
            ksher.faults().rate(1, 1, Fault.status(503));
            BatchProcess.await(() -> shows("tiles", "paused"), SOON);
            assertThat(text("note")).contains("Paused", "503");
            BatchProcess.await(() -> shows("checks", "down"), SOON);
            ksher.faults().clear();
            BatchProcess.await(() -> shows("tiles", "working"), SOON);
            assertThat(script("return performance.getEntriesByType('navigation').length"))
                    .as("never loaded again")
                    .isEqualTo(1L);
            assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
            assertThat(browser.getPageSource()).doesNotContain("ORDER-", "not-for-anybody", "note-of-a-customer");
            process.terminate();
            assertThat(process.exitCode(SOON)).isEqualTo(1);
        }
        BatchProcess.await(() -> shows("away", "has not answered since"), SOON);
        assertThat(text("batches")).as("stays").contains("night-");
        try (BatchProcess process = run("second", Map.of("batch.management-port", String.valueOf(port)))) {
            BatchProcess.await(
                    () -> !Boolean.TRUE.equals(script("return !document.getElementById('away').hidden")), SOON);
            assertThat(process.isAlive()).isTrue();
        }
        assertThat(browser.manage().logs().get(LogType.PERFORMANCE).getAll())
                .map(LogEntry::getMessage)
                .filteredOn(message -> message.contains("\"Network.requestWillBeSent\""))
                .map(message -> message.replaceAll(".*\"request\":\\{.*?\"url\":\"(.*?)\".*", "$1"))
                .isNotEmpty()
                .allMatch(url -> url.startsWith(page) || url.equals("data:,"));
    }
}
