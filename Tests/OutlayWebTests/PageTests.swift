@testable import OutlayWeb
import Testing

struct PageTests {
    @Test func `a name that looks like markup is only text`() {
        let name = "<script>alert('1')</script>"
        let page: HTML = "<td>\(name)</td>"
        #expect(page.markup == "<td>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;</td>")
    }

    @Test func `markup that is put into markup stays markup`() {
        let rows: [HTML] = ["<td>\("a&b")</td>", "<td>2</td>"]
        let page: HTML = "<tr>\(rows)</tr>"
        #expect(page.markup == "<tr><td>a&amp;b</td><td>2</td></tr>")
    }
}
