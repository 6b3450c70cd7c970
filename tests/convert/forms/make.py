"""Writes the form of these tests as other people's libraries write it: .xlsx by openpyxl, .xls by xlwt; and
spreadsheets that must be refused. neighbourhood.md and neighbourhood.csv are kept by hand and say the same.

    pip install openpyxl xlwt msoffcrypto-tool && python tests/convert/forms/make.py
"""

import datetime
import io
import pathlib

import msoffcrypto.format.ooxml
import openpyxl
import xlwt
from openpyxl.styles import Font

HERE = pathlib.Path(__file__).parent
YES = "selected(${lives_here}, 'yes')"

# What a spreadsheet program makes of what people type: numbers, days and TRUE are no texts.
FORM = {
    "survey": [
        ["type", "name", "label::中文 (zh-CN)", "label::English (en)", "hint::中文 (zh-CN)", "required", "relevant",
         "constraint", "constraint_message", "appearance", "parameters", "calculation", "anxin::special",
         "anxin::bins", "anxin::pinned", "anxin::indicator", "anxin::definition_version", "anxin::joint", "# remarks"],
        ["select_one yes_no", "lives_here", "您住在这里吗？", "Do you live here?", None, True],
        ["begin group", "feelings", "感受", "How you feel", None, None, YES],
        ["select_one feel", "overall", "您觉得安全吗？", "Do you feel safe?", "请按最近的感受回答。", "yes", None,
         None, None, "likert", None, None, "dont_know refused"],
        ["select_multiple trouble", "troubles", "有哪些情况？", "What has happened?", None, "no",
         "not(${overall} = 'safe') or ${overall} = 'dont_know'",
         "not(selected(., 'none') and count-selected(.) > 1)", "请重选", None, "randomize=true, seed=7", None, None,
         None, "other none"],
        ["integer", "age", "您的年龄？", "How old are you?", None, "yes", None, ". >= 16 and . <= 120", None, None,
         None, None, "refused", "age"],
        ["range", "trust", "您信任我们吗？0–4", "Do you trust us? 0–4", None, "yes", None, None, None, None,
         "start=0 end=4 step=1"],
        ["end group"],
        ["select_one_from_file places.csv", "place", "您常去哪里？", "Where do you go?", None, "no", "${grown} = 'yes'"],
        ["calculate", "grown", None, None, None, None, None, None, None, None, None,
         "if(${age} >= 30 and count-selected(${troubles}) < 3, 'yes', 'no')", None, None, None, None, None, None,
         "used above, stands below"],
        ["acknowledge", "thanks", "谢谢！", "Thank you!", None, None, "coalesce(${place}, 'nowhere') != 'nowhere'"],
        ["calculate", "safe_rate", "安全感", "Share who feel safe", None, None, None, None, None, None, None,
         "${overall} = 'safe' or ${overall} = 'fairly'", None, None, None, "valid", 2026.1],
        ["calculate", "adult_rate", "三十岁以上", "Aged 30 or over", None, None, None, None, None, None, None,
         "${age} >= 30", None, None, None, "all", 2026.1],
        ["calculate", "age_overall", None, None, None, None, None, None, None, None, None,
         "concat(${age}, ' ', ${overall})", None, None, None, None, None, "age overall"],
    ],
    "choices": [
        ["list_name", "name", "label::中文 (zh-CN)", "label::English (en)", "from", "to"],
        ["yes_no", "yes", "是", "Yes"],
        ["yes_no", "no", "否", "No"],
        ["feel", "safe", "安全", "Safe"],
        ["feel", "fairly", "基本安全", "Fairly safe"],
        ["feel", "unsafe", "不安全", "Unsafe"],
        ["trouble", "theft", "偷盗", "Theft"],
        ["trouble", "fraud", "诈骗", "Fraud"],
        ["trouble", "noise", "噪音", "Noise"],
        ["trouble", "other", "其他", "Something else"],
        ["trouble", "none", "没有", "None of these"],
        ["age", "young", "16–29岁", "16–29", 16, 29],
        ["age", "middle", "30–59岁", "30–59", 30, 59],
        ["age", "old", "60岁及以上", "60 or over", 60, 120],
    ],
    "settings": [
        ["form_title", "anxin::title::English (en)", "form_id", "version", "default_language",
         "anxin::table_number", "anxin::issued_by", "anxin::approval_number", "anxin::valid_from",
         "anxin::valid_until", "anxin::purpose", "anxin::organiser", "anxin::contact", "anxin::retention",
         "anxin::dont_know", "anxin::dont_know::English (en)", "anxin::refuse", "anxin::refuse::English (en)"],
        ["邻里问卷", "Neighbourhood", "neighbourhood", 2026.1, "中文 (zh-CN)", 4, "示例机关", "未经备案",
         datetime.date(2026, 1, 1), datetime.date(2027, 12, 31), "了解感受。", "示例街道", "服务窗口", "只留合计数。",
         "说不清", "Don’t know", "不愿回答", "Prefer not to say"],
    ],
}


def workbook(form):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in form.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
    return book


def xls(form, path):
    book = xlwt.Workbook(encoding="utf-8")
    for name, rows in form.items():
        sheet = book.add_sheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, datetime.date):
                    sheet.write(r, c, value, xlwt.easyxf(num_format_str="YYYY-MM-DD"))
                elif value is not None:
                    sheet.write(r, c, value)
    book.save(path)


def main():
    book = workbook(FORM)
    book.create_sheet("drafts").append(["another sheet", "of the author's own"])
    book.save(HERE / "neighbourhood.xlsx")
    xls(FORM, str(HERE / "neighbourhood.xls"))

    # Formulas that no spreadsheet program has computed yet, an error, merged cells, a time of day.
    book = workbook(FORM)
    book["survey"]["C2"] = '="您住在"&"这里吗？"'
    book["survey"]["D2"] = "#REF!"
    book["survey"]["D2"].data_type = "e"
    book["survey"].merge_cells("C10:E10")
    book["choices"].merge_cells("A2:A3")
    book["settings"]["I2"] = datetime.datetime(2026, 1, 1, 8, 30)
    book.save(HERE / "bad_cells.xlsx")

    # The same faults in the old format, one a file: there a formula is told before anything else is read.
    small = {"survey": [["type", "name", "label"], ["note", "a", "A"]]}
    for name, spoil in {
        "formula": lambda sheet: sheet.write(2, 2, xlwt.Formula('"A"&"B"')),
        "merged": lambda sheet: sheet.write_merge(2, 3, 0, 1, "note"),
        "corner": lambda sheet: sheet.write(65_535, 255, "far away"),
    }.items():
        book = xlwt.Workbook()
        sheet = book.add_sheet("survey")
        for r, row in enumerate(small["survey"]):
            for c, value in enumerate(row):
                sheet.write(r, c, value)
        spoil(sheet)
        book.save(str(HERE / f"{name}.xls"))

    plain, sealed = io.BytesIO(), io.BytesIO()
    workbook({"survey": [["type"]]}).save(plain)
    msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("secret", sealed)
    (HERE / "password.xlsx").write_bytes(sealed.getvalue())


main()
