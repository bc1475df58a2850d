/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.ReportedRowBuilder;
import io.github.camelksher.batch.journal.ReportedRow;
import io.github.camelksher.batch.life.Outcome;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The page in a real browser. One class of more than 400 lines, because a browser takes seconds to
 * start and most of its methods are scripts for it.
 */
class HtmlReportBrowserTest {

    private static final File CHROMIUM = new File("/usr/bin/chromium");
    private static final File CHROMEDRIVER = new File("/usr/bin/chromedriver");
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");
    private static final List<ReportedRow> ROWS = HtmlReportSamples.samples(60);

    @TempDir
    static Path dir;

    private static ChromeDriver browser;

    @BeforeAll
    static void startBrowser() {
        if (!CHROMIUM.exists() && !CHROMEDRIVER.exists()) {
            String reason = "SKIPPED: the report's page in a browser, since neither " + CHROMIUM + " nor "
                    + CHROMEDRIVER + " is there";
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
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + dir.resolve("profile"));
        ChromeDriverService driver = new ChromeDriverService.Builder()
                .usingDriverExecutable(CHROMEDRIVER)
                .usingAnyFreePort()
                .build();
        browser = new ChromeDriver(driver, options);
        browser.get("about:blank");
        browser.manage().logs().get(LogType.PERFORMANCE);
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.quit();
        }
    }

    @BeforeEach
    void onADesk() {
        screen(1280, 900, false);
        media("", "light");
    }

    /** The console also tells what the page's policy has kept from being loaded. */
    @AfterEach
    void keepsTheConsoleCleanAndLoadsNothingElse() {
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
        assertThat(browser.manage().logs().get(LogType.PERFORMANCE).getAll())
                .map(LogEntry::getMessage)
                .filteredOn(message -> message.contains("\"Network.requestWillBeSent\""))
                .map(message -> message.replaceAll(".*\"documentURL\":\"(.*?)\".*\"url\":\"(.*?)\".*", "$2 by $1"))
                .containsOnly(url() + " by " + url());
        assertThat(script("return performance.getEntriesByType('resource').length"))
                .isEqualTo(0L);
    }

    @Test
    void countsOnThePageAreThoseOfTheRows() throws IOException {
        open(ROWS);

        assertThat(text("#count")).isEqualTo("60 of 60 rows shown");
        assertThat(shown()).hasSize(60);
        for (Outcome outcome : Outcome.values()) {
            long rows = ROWS.stream().filter(row -> row.outcome() == outcome).count();
            assertThat(rows).isPositive();
            assertThat(script(
                            "return document.querySelectorAll('tr[data-outcome=' + arguments[0] + ']').length",
                            outcome))
                    .isEqualTo(rows);
            assertThat(chip(outcome).findElement(By.xpath("..")).getText().replaceAll("\\s+", " "))
                    .isEqualTo(outcome + " " + rows);
            assertThat(text(".chart tr." + outcome)).startsWith(outcome + " " + rows + " row");
        }
    }

    @Test
    void filtersByOutcomesAndByTextAndByBoth() throws IOException {
        open(ROWS);

        chip(Outcome.REFUSED).click();
        assertThat(shown()).isEqualTo(lines(Outcome.REFUSED));
        chip(Outcome.PAID).click();
        assertThat(shown()).isEqualTo(lines(Outcome.PAID, Outcome.REFUSED));

        String number = ROWS.get(0).cell("mch_order_no");
        search("THB " + number.toLowerCase(Locale.ROOT));
        assertThat(shown()).containsExactly(ROWS.get(0).line());
        assertThat(text("#count")).isEqualTo("1 of 60 rows shown");

        chip(Outcome.PAID).click();
        assertThat(shown()).isEmpty();
        assertThat(text("#empty")).isEqualTo("No row matches.");
        assertThat(text("#count")).isEqualTo("0 of 60 rows shown");

        browser.findElement(By.id("clear")).click();
        assertThat(shown()).hasSize(60);
        assertThat(browser.findElement(By.id("empty")).isDisplayed()).isFalse();
    }

    @Test
    void leadsFromAnOutcomeToItsRows() throws IOException {
        open(ROWS);
        search("nothing has this");

        browser.findElement(By.cssSelector("[data-show=UNTRUSTED]")).click();

        assertThat(shown()).isEqualTo(lines(Outcome.UNTRUSTED));
        assertThat(chip(Outcome.UNTRUSTED).isSelected()).isTrue();
    }

    @Test
    void canBeUsedWithTheKeyboardAlone() throws IOException {
        open(ROWS);

        focusByTab("search");
        active().sendKeys("thb");
        assertThat(shown()).isEqualTo(lines(Outcome.PAID));
        focusByTab("clear");
        active().sendKeys(Keys.ENTER);
        assertThat(shown()).hasSize(60);
        assertThat(active().getDomAttribute("id")).isEqualTo("search");
        active().sendKeys(Keys.TAB);
        assertThat(active().getDomAttribute("value")).isEqualTo("PAID");
        assertThat(script("return getComputedStyle(document.activeElement.parentNode).outlineStyle"))
                .isEqualTo("solid");
        active().sendKeys(Keys.SPACE);
        assertThat(shown()).isEqualTo(lines(Outcome.PAID));
    }

    @Test
    void showsHostileTextAsText() throws IOException {
        String hostile =
                "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">";
        open(List.of(ReportedRowBuilder.row(2, Outcome.PAID)
                .allCells(hostile)
                .detail(hostile)
                .errorCode(hostile)
                .calls(1)
                .finishedAt(Instant.EPOCH)
                .others(Map.of("remark", hostile))
                .build()));

        assertThat(browser.getTitle()).isEqualTo("night-1a2b3c4d – batch close");
        assertThat(text("tbody .detail span")).isEqualTo(hostile);
        assertThat(text("tbody .other")).isEqualTo("remark: " + hostile);
        assertThat(script("return document.images.length + document.scripts.length"))
                .isEqualTo(1L);
    }

    @Test
    void followsTheColourSchemeAndStaysReadable() throws IOException {
        open(ROWS);
        String lightPage = colour("body", "background-color");
        assertReadable();

        media("", "dark");

        assertThat(colour("body", "background-color")).isNotEqualTo(lightPage);
        assertReadable();
    }

    @Test
    void neverScrollsSideways() throws IOException {
        String wide = "W".repeat(200);
        List<ReportedRow> rows = List.of(ReportedRowBuilder.row(Long.MAX_VALUE, Outcome.ALREADY_CLOSED)
                .allCells(wide)
                .detail(wide)
                .code(Integer.MIN_VALUE)
                .errorCode(wide)
                .calls(99)
                .finishedAt(Instant.now())
                .others(Map.of(wide, wide))
                .build());
        for (List<ReportedRow> each : List.of(ROWS, rows, List.<ReportedRow>of())) {
            open(each);
            for (int width : List.of(320, 390, 768, 1024, 1100, 1280, 1920)) {
                screen(width, 844, width < 800);
                assertThat(sidewaysScroll()).as("at %d", width).isZero();
                assertThat(badgesThatStickOut()).as("at %d", width).isZero();
            }
        }
    }

    @Test
    void theDetailIsTheWidestColumnAndNoHeadingIsBroken() throws IOException {
        ReportedRow row = ROWS.get(0);
        for (Map<String, String> others : List.of(Map.<String, String>of(), Map.of("customer", "C-4711"))) {
            open(List.of(
                    new ReportedRow(row.line(), row.cells(), row.result(), row.calls(), row.finishedAt(), others)));
            assertThat(
                            script(
                                    """
                    const heads = [...document.querySelectorAll('#table th')];
                    const width = e => e.getBoundingClientRect().width;
                    return heads.sort((a, b) => width(b) - width(a))[0].className;"""))
                    .isEqualTo("detail");
            assertThat(script("return document.querySelector('#table thead').getBoundingClientRect().height"))
                    .asInstanceOf(InstanceOfAssertFactories.DOUBLE)
                    .as("one line")
                    .isLessThan(40);
        }
    }

    @Test
    void keepsTheHeadOfTheTableInSight() throws IOException {
        open(ROWS);

        script("document.querySelector('#table tbody').lastElementChild.scrollIntoView()");

        assertThat(script("return Math.round(document.querySelector('#table th').getBoundingClientRect().top)"))
                .isEqualTo(0L);
    }

    @Test
    void printsAllRowsAndNoControls() throws IOException {
        open(ROWS);
        search("nothing has this");
        assertThat(shown()).isEmpty();

        media("print", "dark");
        screen(1047, 718, false);

        assertThat(shown()).hasSize(60);
        assertThat(browser.findElement(By.id("tools")).isDisplayed()).isFalse();
        assertThat(browser.findElement(By.id("empty")).isDisplayed()).isFalse();
        assertThat(colour("h1", "color")).as("dark on white").isEqualTo("rgba(28, 36, 48, 1)");
        assertThat(sidewaysScroll()).isZero();
        assertThat(badgesThatStickOut()).isZero();
    }

    @Test
    void canBeReadWithoutScript() throws IOException {
        browser.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", true));
        try {
            open(ROWS);
            assertThat(browser.findElements(By.cssSelector("tr[data-outcome]"))).hasSize(60);
            assertThat(browser.findElement(By.id("tools")).isDisplayed()).isFalse();
            assertThat(text("main")).contains("What to act on first", "NOT_FOUND");
        } finally {
            browser.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", false));
        }
    }

    @Test
    void searchesFiveThousandRowsAtOnce() throws IOException {
        open(HtmlReportSamples.samples(HtmlReport.MAX_ROWS));

        Object slowestMillis = script(
                """
                const search = document.getElementById('search');
                return Math.max(...['m', 'm2', 'm202', 'm2026', 'nothing', ''].map(text => {
                  const start = performance.now();
                  search.value = text;
                  search.dispatchEvent(new Event('input'));
                  document.body.getBoundingClientRect();
                  return performance.now() - start;
                }));""");

        assertThat(((Number) slowestMillis).doubleValue()).isLessThan(1_000);
        assertThat(text("#count")).isEqualTo("5,000 of 5,000 rows shown");
    }

    private static void open(List<ReportedRow> rows) throws IOException {
        try (Writer out = Files.newBufferedWriter(dir.resolve("report.html"), UTF_8)) {
            HtmlReport.write(out, HtmlReportSamples.content(HtmlReportSamples.summary(rows), rows));
        }
        browser.get(url());
    }

    private static String url() {
        return dir.resolve("report.html").toUri().toString();
    }

    /** Each text on the background that it stands on, by the formula of WCAG 2. */
    private static void assertReadable() {
        assertThat(
                        script(
                                """
                const rgba = css => css.match(/[\\d.]+/g).map(Number);
                const light = css => rgba(css).slice(0, 3).map(c => c / 255)
                    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
                const back = e => {
                  const css = getComputedStyle(e).backgroundColor;
                  return (rgba(css)[3] ?? 1) ? css : e.parentElement ? back(e.parentElement) : 'rgb(255, 255, 255)';
                };
                return [...document.querySelectorAll('body *')]
                    .filter(e => e.getClientRects().length)
                    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
                    .map(e => [light(getComputedStyle(e).color), light(back(e)), e.outerHTML.slice(0, 80)])
                    .filter(([a, b]) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5)
                    .map(([, , html]) => html);"""))
                .isEqualTo(List.of());
    }

    private static long sidewaysScroll() {
        return (Long) script("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    }

    private static long badgesThatStickOut() {
        return (Long)
                script(
                        """
                const right = e => e.getBoundingClientRect().right;
                return [...document.querySelectorAll('.badge')].filter(b => right(b) > right(b.parentNode)).length;""");
    }

    private static List<Long> shown() {
        List<?> lines = (List<?>)
                script(
                        """
                return [...document.querySelectorAll('tr[data-outcome]')]
                    .filter(row => row.getClientRects().length)
                    .map(row => row.cells[0].textContent);""");
        return lines.stream().map(line -> Long.valueOf(line.toString())).toList();
    }

    private static List<Long> lines(Outcome... outcomes) {
        return ROWS.stream()
                .filter(row -> List.of(outcomes).contains(row.outcome()))
                .map(ReportedRow::line)
                .toList();
    }

    private static WebElement chip(Outcome outcome) {
        return browser.findElement(By.cssSelector(".chip input[value=" + outcome + "]"));
    }

    private static void search(String text) {
        WebElement search = browser.findElement(By.id("search"));
        search.clear();
        search.sendKeys(text);
    }

    private static void focusByTab(String id) {
        for (int presses = 0; presses < 50 && !id.equals(active().getDomAttribute("id")); presses++) {
            active().sendKeys(Keys.TAB);
        }
        assertThat(active().getDomAttribute("id")).isEqualTo(id);
    }

    private static WebElement active() {
        return browser.switchTo().activeElement();
    }

    private static String text(String selector) {
        return browser.findElement(By.cssSelector(selector)).getText().replaceAll("\\s+", " ");
    }

    private static String colour(String selector, String property) {
        return browser.findElement(By.cssSelector(selector)).getCssValue(property);
    }

    private static Object script(String script, Object... arguments) {
        Object[] texts = new Object[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        return browser.executeScript(script, texts);
    }

    private static void screen(int width, int height, boolean mobile) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", mobile));
    }

    private static void media(String media, String scheme) {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "media",
                        media,
                        "features",
                        Collections.singletonList(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }
}
